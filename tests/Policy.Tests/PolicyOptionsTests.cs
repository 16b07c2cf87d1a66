using Proofgate.Policy.Signing;

namespace Proofgate.Policy.Tests;

public sealed class PolicyOptionsTests
{
    private static readonly string Key = PolicySigningKey.Create("x").PublicKey.Encoded;

    public static TheoryData<string, Action<PolicyOptions>> Wrong => new()
    {
        { "Proofgate:Policy:Folder and Proofgate:Policy:Store are both set", static o => o.Folder = "." },
        { "Proofgate:Policy:Store must be", static o => o.Store = "Policies!" },
        { "Proofgate:Policy:Store must be", static o => o.Store = "a--b" },
        { "Proofgate:Policy:Store must be", static o => o.Store = "ab" },
        { "Proofgate:Policy:MaxAge", static o => o.MaxAge = TimeSpan.FromSeconds(2) },
        { "Proofgate:Policy:ReloadInterval", static o => o.ReloadInterval = TimeSpan.Zero },
        { "Proofgate:Policy:Tenant", static o => o.Tenant = " " },
        { "Proofgate:Policy:TrustedKeys", static o => o.TrustedKeys.Clear() },
        { "Proofgate:Policy:TrustedKeys", static o => o.RequireApproval = true },
        { "Proofgate:Policy:TrustedKeys:bob", static o => o.TrustedKeys["bob"] = "AAAA" },
        { "Proofgate:Policy:TrustedKeys:bob: this key", static o => o.TrustedKeys["bob"] = o.TrustedKeys["alice"] },
        { "Proofgate:Policy:HostKeys:alice: this key", static o => o.HostKeys["alice"] = Key },
        { "Proofgate:Policy:TrustedKeys:Bob: a key's name", static o => o.TrustedKeys["Bob"] = Key },
        { "Proofgate:Policy:VaultKey must be", static o => (o.VaultKey, o.VaultKeyName, o.HostKeys["h"]) = (new Uri("http://v.vault.azure.net/keys/k/1"), "h", Key) },
        { "Proofgate:Policy:VaultKey must be", static o => (o.VaultKey, o.VaultKeyName, o.HostKeys["h"]) = (new Uri("https://v.vault.azure.net/keys/k"), "h", Key) },
        { "Proofgate:Policy:VaultKeyName", static o => o.VaultKey = new Uri("https://v.vault.azure.net/keys/k/1") },
        { "Proofgate:Policy:VaultKeyName", static o => (o.VaultKey, o.VaultKeyName) = (new Uri("https://v.vault.azure.net/keys/k/1"), "h") },
        { "Proofgate:Secrets:PolicySigningKey must be", static o => o.SigningKey = "secret" },
        { "Proofgate:Secrets:PolicySigningKey is the key 'h'", static o => o.SigningKey = PolicySigningKey.Create("h").Reveal() },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongSetting_IsNamed(string problem, Action<PolicyOptions> change)
    {
        var options = Store();
        Assert.Empty(options.Problems());
        change(options);
        Assert.StartsWith(problem, Assert.Single(options.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void HostsKey_IsTaken_WhenItsPublicHalfIsKnown()
    {
        using var key = PolicySigningKey.Create("h");
        var options = Store();
        (options.SigningKey, options.HostKeys["h"]) = (key.Reveal(), key.PublicKey.Encoded);
        Assert.Empty(options.Problems());
        Assert.DoesNotContain(key.Reveal().Split('\n')[2], string.Join(' ', options.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_IsEnough_AndHasNoUseForKeys()
    {
        var options = new PolicyOptions { Folder = AppContext.BaseDirectory };
        Assert.Empty(options.Problems());
        options.RequireApproval = true;
        Assert.Contains("no effect", Assert.Single(options.Problems()), StringComparison.Ordinal);
        Assert.Contains("Folder is missing", Assert.Single(new PolicyOptions().Problems()), StringComparison.Ordinal);
    }

    private static PolicyOptions Store()
    {
        var options = new PolicyOptions { Store = "policies" };
        options.TrustedKeys["alice"] = PolicySigningKey.Create("alice").PublicKey.Encoded;
        return options;
    }
}
