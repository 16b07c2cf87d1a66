using Proofgate.Infra.Tests.Compiler;

namespace Proofgate.Infra.Tests.Hardening;

public sealed class HardeningTests
{
    [BicepFact]
    public async Task Defaults_AreClosed() => Assert.Empty(Rules.Find(await Deployment.DefaultAsync()));

    [BicepFact]
    public async Task Trial_OpensTheNetwork_AndNothingElse()
    {
        var trial = await Deployment.TrialAsync();
        Assert.Empty(Rules.Find(trial, trial: true));
        Assert.NotEmpty(Rules.Find(trial));
    }

    [BicepTheory]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess")]
    [InlineData("modules/ledger.bicep", "    allowSharedKeyAccess: false\n", "", "allowSharedKeyAccess is not said")]
    [InlineData("modules/ledger.bicep", "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_0'", "TLS1_0")]
    [InlineData("modules/storage.bicep", "bypass: 'None'", "bypass: 'AzureServices'", "bypass")]
    [InlineData("modules/storage.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", "publicAccess")]
    [InlineData("modules/hub.bicep", "disableLocalAuth: true", "disableLocalAuth: false", "disableLocalAuth")]
    [InlineData("modules/hub.bicep", "    resource history 'consumergroups'", "    resource keys 'authorizationRules' = {\n      name: 'all'\n      properties: { rights: ['Send'] }\n    }\n    resource history 'consumergroups'", "a key for whoever has it")]
    [InlineData("modules/vault.bicep", "enablePurgeProtection: true", "enablePurgeProtection: null", "enablePurgeProtection")]
    [InlineData("modules/vault.bicep", "enableRbacAuthorization: true", "enableRbacAuthorization: false", "enableRbacAuthorization")]
    [InlineData("modules/app.bicep", "httpsOnly: true", "httpsOnly: false", "httpsOnly")]
    [InlineData("modules/app.bicep", "properties: { allow: false }", "properties: { allow: true }", "basicPublishingCredentialsPolicies")]
    [InlineData("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", "DisableLocalAuth")]
    [InlineData("modules/ledger.bicep", "isVersioningEnabled: true", "isVersioningEnabled: false", "written over")]
    [InlineData("modules/ledger.bicep", "level: 'CanNotDelete'", "level: 'ReadOnly'", "can be deleted")]
    [InlineData("modules/ledger.bicep", "scope: account::tableService\n", "scope: account\n", "not told")]
    [InlineData("main.bicep", "param publicAccess bool = false", "param publicAccess bool = true", "publicNetworkAccess is Enabled")]
    public async Task Weakness_IsFound(string file, string text, string other, string finding)
    {
        var weak = await Deployment.OfAsync(templates => templates.With(file, text, other));
        Assert.Contains(Rules.Find(weak), found => found.Contains(finding, StringComparison.Ordinal));
    }
}
