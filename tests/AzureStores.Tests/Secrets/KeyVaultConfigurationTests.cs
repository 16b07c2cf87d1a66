using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Proofgate.AzureStores.Tests.Secrets;

public sealed class KeyVaultConfigurationTests
{
    public static TheoryData<string[], string> Bad { get; } = new()
    {
        { ["Secrets:0=A"], "Proofgate:KeyVault:Uri must be" },
        { ["Uri=http://v.vault.azure.net", "Secrets:0=A"], "Proofgate:KeyVault:Uri must be" },
        { ["Uri=https://v.vault.azure.net/secrets", "Secrets:0=A"], "Proofgate:KeyVault:Uri must be" },
        { ["Uri=vault", "Secrets:0=A"], "Proofgate:KeyVault:Uri must be" },
        { ["Uri=https://v.vault.azure.net"], "Proofgate:KeyVault:Secrets must list" },
        { ["Uri=https://v.vault.azure.net", "Secrets:0=A", "Secrets:1=../B"], "Proofgate:KeyVault:Secrets:1 must be" },
        { ["Uri=https://v.vault.azure.net", "Secrets:0=A", "Optional:0=../B"], "Proofgate:KeyVault:Optional:0 must be" },
        { ["Uri=https://v.vault.azure.net", "Secrets:0=A", "ManagedIdentityClientId=me"], "Proofgate:KeyVault:ManagedIdentityClientId must be" },
        { ["Uri=https://v.vault.azure.net", "Secrets:0=A", "ReloadInterval=00:00:01"], "Proofgate:KeyVault:ReloadInterval must be" },
        { ["Uri=https://v.vault.azure.net", "Secrets:0=A", "KeepDuringOutage=00:01:00"], "Proofgate:KeyVault:KeepDuringOutage must be" },
    };

    [Fact]
    public void Vault_IsNoSource_WhereTheSectionIsAbsent()
    {
        var builder = new ConfigurationBuilder().AddInMemoryCollection([new("Proofgate:Secrets:AuditMaster", "local")]);
        Assert.Equal("local", builder.AddProofgateKeyVault().Build()["Proofgate:Secrets:AuditMaster"]);
        Assert.Single(builder.Sources);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Section_IsRefusedByItsKey_WhenItIsWrong(string[] settings, string problem)
    {
        var values = settings.Select(static s => s.Split('=', 2)).ToDictionary(static s => $"Proofgate:KeyVault:{s[0]}", static s => (string?)s[1]);
        var builder = new ConfigurationBuilder().AddInMemoryCollection(values);
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => builder.AddProofgateKeyVault()).Failures);
        Assert.StartsWith(problem, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Vault_IsASource_WhereTheSectionIsThere()
    {
        // Only added: building would ask the vault. A ConfigurationManager would do so at once.
        var builder = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Proofgate:KeyVault:Uri", "https://v.vault.azure.net"), new("Proofgate:KeyVault:Secrets:0", "ApiKeyPepper--1")]);
        Assert.Equal(2, builder.AddProofgateKeyVault().Sources.Count);
    }
}
