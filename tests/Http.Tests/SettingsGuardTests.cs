using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Proofgate.Http.Tests;

/// <summary>A misspelt limit is no limit.</summary>
public sealed class SettingsGuardTests
{
    [Theory]
    [InlineData("Proofgate:TrustedHops")]
    [InlineData("Proofgate:Admission:RequestsPerMinute")]
    [InlineData("proofgate:admission:requestsperminute")]
    [InlineData("Proofgate:Body:MaxBytes")]
    [InlineData("Proofgate:Audit:Hub")]
    [InlineData("Proofgate:Identity:LookupsPerMinute")]
    [InlineData("Proofgate:Inference:Heartbeat")]
    [InlineData("Proofgate:Lineage:MaxTokens")]
    [InlineData("Proofgate:Secrets:Lineage:1")]
    [InlineData("Proofgate:Outbound:AllowedNetworks:0")]
    [InlineData("Proofgate:Policy:Folder")]
    [InlineData("Proofgate:Secrets:ApiKeyPepper:1")]
    [InlineData("Proofgate:Secrets:Bootstrap")]
    [InlineData("Proofgate:Upstreams:openai:Secret")]
    [InlineData("Logging:LogLevel:Default")]
    public void KnownSetting_IsAccepted(string key) => Assert.Empty(SettingsGuard.UnknownKeys(Settings(key)));

    [Theory]
    [InlineData("Proofgate:TrustedHop")]
    [InlineData("Proofgate:Admission:RequestPerMinute")]
    [InlineData("Proofgate:Admision:RequestsPerMinute")]
    [InlineData("Proofgate:Body:MaxBytesPerKey")]
    [InlineData("Proofgate:Audit:MasterKey")]
    [InlineData("Proofgate:SelfHost:Port")]
    [InlineData("Proofgate:Secrets")]
    [InlineData("Proofgate:Upstreams")]
    [InlineData("Proofgate:SecretsX:Bootstrap")]
    public void UnknownSetting_IsNamed(string key) =>
        Assert.StartsWith(key + " ", Assert.Single(SettingsGuard.UnknownKeys(Settings(key))), StringComparison.Ordinal);

    [Fact]
    public void HostsOwnSections_AreKnown_WhenTheyAreNamed() =>
        Assert.Empty(SettingsGuard.UnknownKeys(Settings("Proofgate:Mine:MaxBytes"), ("Proofgate:Mine", typeof(BodyOptions))));

    [Fact]
    public void AllUnknownSettings_AreToldAtOnce_AndNoValueIs()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => SettingsGuard.RequireKnown(Settings("Proofgate:A", "Proofgate:B:C")));
        Assert.Equal(2, failure.Failures.Count());
        Assert.DoesNotContain("the-value", failure.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params string[] keys) =>
        new ConfigurationBuilder().AddInMemoryCollection(keys.Select(static k => KeyValuePair.Create(k, (string?)"the-value"))).Build();
}
