using System.Text.RegularExpressions;
using Proofgate.Infra.Tests.Compiler;
using Proofgate.Support;

namespace Proofgate.Infra.Tests.Settings;

/// <summary>What the apps read and what the templates set is the same.</summary>
public sealed class SettingsTests
{
    [BicepFact]
    public async Task Settings_AreWhatTheAppsRead() => Assert.Empty(Parity.Find(await Deployment.DefaultAsync()));

    [BicepFact]
    public async Task Settings_AreTheSame_InATrial() => Assert.Empty(Parity.Find(await Deployment.TrialAsync()));

    [BicepTheory]
    [InlineData("main.bicep", "Proofgate__Audit__Origin: logOrigin", "Proofgate__Audit__Tenant: logOrigin", "Proofgate:Audit:Origin is not set")]
    [InlineData("main.bicep", "Proofgate__TrustedHops: '1'", "Proofgate__TrustedHop: '1'", "Proofgate:TrustedHop is not a setting of Proofgate")]
    [InlineData("main.bicep", "Proofgate__TrustedHops: '1'", "Proofgate__TrustedHops: '99'", "TrustedHops must be 0 to 16")]
    [InlineData("main.bicep", "    settings: union(\n      commonSettings,", "    settings: union(\n      { Proofgate__TrustedHops: '1' },\n      commonSettings,", "the app does not read it")]
    [InlineData("main.bicep", "['AuditMaster']", "['AuditMasters']", "AuditMaster")]
    [InlineData("main.bicep", "{ vault: vaults.writer, name: logKey, setting: 'Proofgate__Audit__Checkpoints__KeyId' }", "{ vault: vaults.writer, name: logKey, setting: 'Proofgate__Audit__Checkpoints__Key' }", "KeyId is not set")]
    [InlineData("main.bicep", "Proofgate__Storage__Ledger__TableEndpoint: 'https://${accounts.ledger}", "Proofgate__Storage__Ledger__TableEndpoint: 'https://${accounts.keys}", "the ledger has an account of its own")]
    [InlineData("modules/app.bicep", "AzureWebJobsStorage__accountName: hostAccountName", "AzureWebJobsStorage__account: hostAccountName", "AzureWebJobsStorage:accountName is not set")]
    public async Task Difference_IsFound(string file, string text, string other, string finding)
    {
        var changed = await Deployment.OfAsync(templates => templates.With(file, text, other));
        Assert.Contains(Parity.Find(changed), found => found.Contains(finding, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task DemandedSettings_AreDemanded()
    {
        var deployment = await Deployment.DefaultAsync();
        Assert.All(SettingTable.Demanded, demanded =>
        {
            var settings = Parity.SettingsOf(deployment, demanded.App);
            Assert.True(settings.Remove(demanded.Key), demanded.Key);
            Assert.NotEmpty(Parity.StartOf(demanded.App, settings));
        });
    }

    /// <summary>What parameters add is taken too.</summary>
    [BicepFact]
    public async Task Parameters_ArriveAsSettings()
    {
        var deployment = await Deployment.OfAsync(
            static _ => { }, "param requireApproval = true", "param nonces = 'Required'", "param pepperVersions = [1, 2]", "param gatewayOrigin = 'https://gateway.example.com'",
            "param settings = { Proofgate__Admission__RequestsPerMinute: '60' }", "param formerLogKeyId = 'https://v.vault.azure.net/keys/audit-log/0'",
            $"param policyKeys = {{ alice: '{SampleKeys.Author}', bob: '{SampleKeys.Approver}' }}");
        var (gateway, writer) = (Parity.SettingsOf(deployment, "gateway"), Parity.SettingsOf(deployment, "writer"));
        Assert.Equal(
            ["https://gateway.example.com", "Required", "True", "60", SampleKeys.Approver, "ApiKeyPepper--1", "ApiKeyPepper--2", "AuditMaster", "DpopNonce"],
            new[] { "PublicOrigins:0", "Dpop:NoncePolicy", "Policy:RequireApproval", "Admission:RequestsPerMinute", "Policy:TrustedKeys:bob", "KeyVault:Secrets:0", "KeyVault:Secrets:1", "KeyVault:Secrets:2", "KeyVault:Secrets:3" }
                .Select(k => gateway["Proofgate:" + k]));
        Assert.StartsWith("https://pg-trial-gateway-", gateway["Proofgate:PublicOrigins:1"], StringComparison.Ordinal);
        Assert.Equal("https://v.vault.azure.net/keys/audit-log/0", writer["Proofgate:Audit:Checkpoints:FormerKeyId"]);
        Assert.All(Parity.Apps, app => Assert.Empty(Parity.StartOf(app, Parity.SettingsOf(deployment, app))));
    }

    /// <summary>No secret is a setting: what the settings have is the names, under which the app reads its own vault.</summary>
    [BicepFact]
    public async Task Secrets_AreNamesInTheVault()
    {
        var deployment = await Deployment.DefaultAsync();
        var settings = Parity.Apps.SelectMany(app => Parity.SettingsOf(deployment, app)).Where(static s => s.Key.Contains("Secret", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.Contains(settings, static s => s.Value == "Upstreams--azure");
        Assert.All(settings, static s => Assert.Matches("^(ApiKeyPepper--1|AuditMaster|Bootstrap|Upstreams--azure)$", s.Value));
    }

    [BicepFact]
    public async Task TablesAndContainers_AreThoseOfTheCode()
    {
        var names = Regex.Matches(await File.ReadAllTextAsync(RepositoryRoot.Of("shared", "AzureStores", "Accounts", "StorageTables.cs")), @"const string (\w+)Name = ""(\w+)""").ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Value);
        var deployment = await Deployment.DefaultAsync();
        Assert.Equal(
            names.Select(static n => $"{(n.Key == "Ledger" ? "pgledger" : "pgkeys")}/{n.Value}").Order(),
            deployment.Of("Microsoft.Storage/storageAccounts/tableServices/tables").Select(static t => $"{t.Name.Split('/')[2]}/{t.Name.Split('/')[^1]}").Order());
        Assert.Equal(
            new[] { EvidenceName, Parity.SettingsOf(deployment, "gateway")["Proofgate:Policy:Store"]! }.Order(),
            deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers").Where(static c => c.Name.Contains("/pgledger/", StringComparison.Ordinal)).Select(static c => c.Name.Split('/')[^1]).Order());
        var groups = deployment.Of("Microsoft.EventHub/namespaces/eventhubs/consumergroups").Select(static g => g.Name.Split('/')[^1]);
        Assert.Contains($"HistoryGroup {{ get; set; }} = \"{Assert.Single(groups)}\"", await File.ReadAllTextAsync(RepositoryRoot.Of("shared", "EventHubs", "EventHubsOptions.cs")), StringComparison.Ordinal);
    }

    private const string EvidenceName = AzureStores.EvidenceContainer.Name;
}
