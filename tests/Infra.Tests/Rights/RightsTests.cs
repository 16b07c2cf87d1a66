using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Proofgate.Infra.Tests.Compiler;

namespace Proofgate.Infra.Tests.Rights;

/// <summary>Who may do what, whole: one right more, or one that reaches further, fails here.</summary>
public sealed class RightsTests
{
    private const string Storage = "Microsoft.Storage/storageAccounts/";
    private const string Vaults = "Microsoft.KeyVault/vaults/";

    private static readonly string[] Expected =
    [
        $"gateway: hub sender on Microsoft.EventHub/namespaces/pg-trial/eventhubs/audit",
        $"gateway: table reader on {Storage}pgkeys/tableServices/default/tables/ProofgateKeys",
        $"gateway: table reader on {Storage}pgkeys/tableServices/default/tables/ProofgatePolicies",
        $"gateway: table appender on {Storage}pgkeys/tableServices/default/tables/ProofgateSubjects",
        $"gateway: table updater on {Storage}pgkeys/tableServices/default/tables/ProofgateUse",
        $"gateway: table updater on {Storage}pgkeys/tableServices/default/tables/ProofgateBudgets",
        $"gateway: table updater on {Storage}pgkeys/tableServices/default/tables/ProofgateSessions",
        $"gateway: table appender on {Storage}pgproofs",
        $"gateway: table reader on {Storage}pgledger/tableServices/default/tables/Audit",
        $"gateway: blob reader on {Storage}pgledger/blobServices/default/containers/policies",
        $"gateway: blob reader on {Storage}pgledger/blobServices/default/containers/audit-evidence",
        $"gateway: secrets user on {Vaults}pg-gateway",
        $"gateway: blob owner on {Storage}pghostgw",
        $"gateway: metrics publisher on Microsoft.Insights/components/pg-trial-insights",

        $"manage: hub sender on Microsoft.EventHub/namespaces/pg-trial/eventhubs/audit",
        $"manage: table keeper on {Storage}pgkeys/tableServices/default/tables/ProofgateKeys",
        $"manage: table appender on {Storage}pgkeys/tableServices/default/tables/ProofgatePolicies",
        $"manage: table appender on {Storage}pgkeys/tableServices/default/tables/ProofgateSubjects",
        $"manage: table updater on {Storage}pgkeys/tableServices/default/tables/ProofgateUse",
        $"manage: table updater on {Storage}pgkeys/tableServices/default/tables/ProofgateBudgets",
        $"manage: table sweeper on {Storage}pgkeys/tableServices/default/tables/ProofgateSessions",
        $"manage: proof keeper on {Storage}pgproofs",
        $"manage: table reader on {Storage}pgledger/tableServices/default/tables/Audit",
        $"manage: blob appender on {Storage}pgledger/blobServices/default/containers/policies",
        $"manage: secrets user on {Vaults}pg-manage",
        $"manage: blob owner on {Storage}pghostmg",
        $"manage: metrics publisher on Microsoft.Insights/components/pg-trial-insights",

        $"writer: hub receiver on Microsoft.EventHub/namespaces/pg-trial/eventhubs/audit",
        $"writer: table appender on {Storage}pgledger/tableServices/default/tables/Audit",
        $"writer: blob appender on {Storage}pgledger/blobServices/default/containers/audit-evidence",
        $"writer: log signer on {Vaults}pg-writer/keys/audit-log",
        $"writer: blob owner on {Storage}pghostwr",
        $"writer: metrics publisher on Microsoft.Insights/components/pg-trial-insights",
    ];

    private const string Rows = "Microsoft.Storage/storageAccounts/tableServices/tables/entities/";
    private const string Tables = "Microsoft.Storage/storageAccounts/tableServices/tables/";
    private const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";

    /// <summary>What our own roles allow: operations on data, and after a bar those on resources.</summary>
    private static readonly string[] Roles =
    [
        $"table appender: {Rows}add/action, {Rows}read |",
        $"table updater: {Rows}add/action, {Rows}read, {Rows}update/action |",
        $"table keeper: {Rows}add/action, {Rows}delete, {Rows}read, {Rows}update/action, {Rows}write |",
        $"table sweeper: {Rows}delete, {Rows}read |",
        $"proof keeper: {Rows}add/action, {Rows}read | {Tables}delete, {Tables}read, {Tables}write",
        $"blob appender: {Blobs}add/action, {Blobs}read |",
        "log signer: Microsoft.KeyVault/vaults/keys/read, Microsoft.KeyVault/vaults/keys/sign/action |",
    ];

    /// <summary>Those of Azure's own that are used, by their published ids.</summary>
    private static readonly Dictionary<string, string> BuiltIn = new()
    {
        ["76199698-9eea-4c19-bc75-cec21354c6b6"] = "table reader",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "blob reader",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "blob owner",
        ["2b629674-e913-4c01-ae53-ef4638d8f975"] = "hub sender",
        ["a638d3c7-ab3a-418d-83e6-5f17a39d4fde"] = "hub receiver",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "secrets user",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "metrics publisher",
    };

    [BicepFact]
    public async Task Rights_AreThese_AndNoOthers() => Assert.Equal(Expected.Order(), RightsOf(await Deployment.DefaultAsync()));

    [BicepFact]
    public async Task Rights_AreTheSame_InATrial() => Assert.Equal(Expected.Order(), RightsOf(await Deployment.TrialAsync()));

    /// <summary>The ledger's writer: exactly read and add (ledger.md).</summary>
    [BicepFact]
    public async Task Roles_AllowThis_AndNoMore() => Assert.Equal(Roles.Order(), RolesOf(await Deployment.DefaultAsync()));

    [BicepTheory]
    [InlineData("modules/rights.bicep", "table: 'ProofgateKeys', role: builtIn.tableReader", "table: 'ProofgateKeys', role: roleNames.tableKeeper")]
    [InlineData("modules/rights.bicep", "{ who: 1, role: builtIn.hubSender }", "{ who: 1, role: builtIn.hubSender }\n  { who: 0, role: builtIn.hubReceiver }")]
    [InlineData("modules/rights.bicep", "scope: containers[i]\n", "scope: accounts[i]\n")]
    [InlineData("modules/rights.bicep", "scope: signingKey\n", "scope: secretVaults[0]\n")]
    [InlineData("modules/rights.bicep", "  { who: 2, container: ledger.evidence, role: roleNames.blobAppender }\n", "")]
    [InlineData("modules/rights.bicep", "  for (right, i) in onAccounts: {\n    scope: accounts[i]\n", "  for (right, i) in onAccounts: {\n")]
    public async Task Right_IsFound_WhenItIsAnother(string file, string text, string other)
    {
        var changed = await Deployment.OfAsync(templates => templates.With(file, text, other));
        Assert.NotEqual(Expected.Order(), RightsOf(changed));
    }

    [BicepTheory]
    [InlineData("'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'\n        ]", "'Microsoft.Storage/storageAccounts/tableServices/tables/entities/*'\n        ]")]
    [InlineData("'Microsoft.KeyVault/vaults/keys/sign/action'", "'Microsoft.KeyVault/vaults/keys/sign/action'\n          'Microsoft.KeyVault/vaults/keys/backup/action'")]
    [InlineData("actions: []", "actions: ['Microsoft.Storage/storageAccounts/listKeys/action']")]
    public async Task Role_IsFound_WhenItAllowsMore(string text, string other)
    {
        var changed = await Deployment.OfAsync(templates => templates.With("modules/roles.bicep", text, other));
        Assert.NotEqual(Roles.Order(), RolesOf(changed));
    }

    private static IEnumerable<string> RightsOf(Deployment deployment)
    {
        var ours = deployment.Of("Microsoft.Authorization/roleDefinitions").ToDictionary(static r => r.Json["name"]!.GetValue<string>(), NameOf);
        return deployment.Of("Microsoft.Authorization/roleAssignments").Select(a =>
        {
            var who = Regex.Match(a.Text("properties.principalId")!, "userAssignedIdentities/pg-trial-([a-z]+)'").Groups[1].Value;
            var role = a.Text("properties.roleDefinitionId")!.Split('/')[^1];
            var scope = a.Name.Split("/providers/Microsoft.Authorization/roleAssignments/");
            return $"{who}: {(BuiltIn.TryGetValue(role, out var name) || ours.TryGetValue(role, out name) ? name : role)} on {(scope.Length == 2 ? scope[0] : "the whole group")}";
        }).Order();
    }

    private static IEnumerable<string> RolesOf(Deployment deployment) => deployment.Of("Microsoft.Authorization/roleDefinitions").Select(static role =>
    {
        var permission = Assert.Single(role["properties.permissions"]!.AsArray())!;
        return $"{NameOf(role)}: {List(permission["dataActions"]!)} | {List(permission["actions"]!)}".TrimEnd();
    }).Order();

    private static string NameOf(Deployment.Resource role) => Regex.Match(role.Text("properties.roleName")!, @"^Proofgate ([a-z ]+) \(").Groups[1].Value;

    private static string List(JsonNode operations) => string.Join(", ", operations.AsArray().Select(static o => o!.GetValue<string>()).Order());
}
