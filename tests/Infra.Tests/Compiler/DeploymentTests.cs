using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Proofgate.Support;

namespace Proofgate.Infra.Tests.Compiler;

public sealed class DeploymentTests
{
    [BicepFact]
    public async Task SecondDeployment_IsTheFirst() => Assert.True(JsonNode.DeepEquals(
        JsonNode.Parse((await Deployment.DefaultAsync()).Text), JsonNode.Parse((await Deployment.OfAsync(static _ => { }, Deployment.Closed)).Text)));

    /// <summary>A name that Azure must answer first hides everything below it from a preview.</summary>
    [BicepFact]
    public async Task Preview_SeesEveryResource()
    {
        var deployment = await Deployment.DefaultAsync();
        Assert.Empty(deployment.Of("Microsoft.Resources/deployments"));
        Assert.All(deployment.Resources, static r => Assert.DoesNotContain('[', r.Json["id"]!.GetValue<string>()));
        Assert.All(deployment.Outputs, static o => Assert.DoesNotContain('[', o.Value!.GetValue<string>()));
    }

    [BicepFact]
    public async Task AlertsAndWorkbook_ReadInstrumentsThatExist()
    {
        var deployment = await Deployment.DefaultAsync();
        var alerts = deployment.Of("Microsoft.Insights/scheduledQueryRules").ToList();
        Assert.Equal(
            ["ledger-lag", "ledger-silent", "ledger-touched", "publish-failures", "refusals-surge", "verification-failure"],
            alerts.Select(static a => a.Name.Split("trial-")[1]).Order());
        var texts = alerts.Select(static a => a.Json.ToJsonString()).Append(await File.ReadAllTextAsync(RepositoryRoot.Of("infra", "modules", "workbook.json")));
        var read = texts.SelectMany(static t => Regex.Matches(t, @"proofgate\.[a-z.]+[a-z]")).Select(static m => m.Value).Distinct().Order();
        Assert.Empty(read.Except(Http.Telemetry.Instruments.All.Select(static i => i.Name)));
    }

    [BicepFact]
    public async Task Trial_HasNoNetwork_AndTheDefaultReachesAllByIt()
    {
        Assert.DoesNotContain((await Deployment.TrialAsync()).Resources, static r => r.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        var deployment = await Deployment.DefaultAsync();
        var reached = deployment.Of("Microsoft.Network/privateEndpoints").Select(static e => e["properties.privateLinkServiceConnections"]!.AsArray()[0]!["properties"]!["privateLinkServiceId"]!.GetValue<string>()).ToHashSet();
        string[] kinds = ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.EventHub/namespaces", "Microsoft.Web/sites"];
        Assert.Equal(kinds.SelectMany(deployment.Of).Select(static r => r.Json["id"]!.GetValue<string>()).Order(), reached.Order());
    }

    /// <summary>Once locked there is no way back, so nobody locks by leaving something out; and a new account can only be made unlocked.</summary>
    [BicepFact]
    public async Task Retention_IsLocked_OnlyWhenAsked()
    {
        const string State = "properties.immutableStorageWithVersioning.immutabilityPolicy.state";
        var locked = await Deployment.OfAsync(static _ => { }, "param lockRetention = true", "param retentionDays = 400");
        var ledger = locked.Single("Microsoft.Storage/storageAccounts", "Microsoft.Storage/storageAccounts/pgledger");
        Assert.Equal("Unlocked", (await Deployment.DefaultAsync()).Single(ledger.Type, ledger.Name).Text(State));
        Assert.Equal(("Locked", "400"), (ledger.Text(State), ledger.Text("properties.immutableStorageWithVersioning.immutabilityPolicy.immutabilityPeriodSinceCreationInDays")));
    }

    /// <summary>azd finds a service's app by this tag.</summary>
    [BicepFact]
    public async Task Services_OfAzd_AreTheApps()
    {
        var apps = (await Deployment.DefaultAsync()).Of("Microsoft.Web/sites").Select(static a => a["tags.azd-service-name"]?.GetValue<string>()).Order();
        var services = Regex.Matches(await File.ReadAllTextAsync(RepositoryRoot.Of("azure.yaml")), @"(?m)^  (\w+):\n    project: (\S+)").ToList();
        Assert.Equal(apps, services.Select(static s => s.Groups[1].Value).Order());
        Assert.All(services, static s => Assert.True(Directory.Exists(RepositoryRoot.Of(s.Groups[2].Value.Split('/')))));
    }
}
