using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity;

namespace Proofgate.Http.Tests;

/// <summary>The routes of datasets, with the sample's data.</summary>
public sealed class DatasetTests
{
    private const string Query = """{"select":["id","region"],"orderBy":[{"column":"region"}],"limit":3}""";

    [Fact]
    public async Task Datasets_AreThoseThatTheCallerMayQuery()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal("""{"datasets":[{"name":"customers","label":"public"}]}""", (await gateway.GetAsync("/v1/datasets", await gateway.KeyAsync("analyst"))).Body);
        Assert.Equal("""{"datasets":[]}""", (await gateway.GetAsync("/v1/datasets", await gateway.DeveloperAsync())).Body);
    }

    [Fact]
    public async Task Datasets_AreNotListed_WhereNoSourceIsConfigured()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:DataSources:sample:Address", null));
        var key = await gateway.KeyAsync("analyst");
        Assert.Equal("""{"datasets":[]}""", (await gateway.GetAsync("/v1/datasets", key)).Body);
        var answer = await gateway.PostAsync("/v1/datasets/customers/query", Query, key);
        Assert.Equal((503, "dataset_unavailable"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Dataset_HasTheColumnsThatTheCallerMayRead()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.GetAsync("/v1/datasets/customers", await gateway.KeyAsync("analyst"));
        using var body = JsonDocument.Parse(answer.Body);
        Assert.Equal(["id", "tenant", "region"], body.RootElement.GetProperty("columns").EnumerateArray().Select(static c => c.GetProperty("name").GetString()));
        Assert.Equal((404, "dataset_not_found"), await CodeOf(gateway, "/v1/datasets/nothing", "analyst"));
        Assert.Equal((403, "policy_denied"), await CodeOf(gateway, "/v1/datasets/customers", "developer"));
    }

    [Fact]
    public async Task Query_AnswersInOnePiece_OrInLines()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("support");
        var whole = await gateway.PostAsync("/v1/datasets/customers/query", Query, key);
        Assert.Equal((200, "application/json"), (whole.Status, whole["Content-Type"]));
        Assert.StartsWith("""{"rows":[{"id":1,"region":"eu"},{"id":2,"region":"eu"},{"id":5,"region":"eu"}],"complete":false,"next":""", whole.Body, StringComparison.Ordinal);

        var lines = await LinesAsync(gateway, key, """{"select":["id"],"limit":10}""");
        Assert.Equal("application/x-ndjson", lines["Content-Type"]);
        Assert.Equal("{\"id\":1}\n{\"id\":2}\n{\"id\":5}\n{\"id\":7}\n{\"proofgate\":{\"rows\":4,\"complete\":true}}\n", lines.Body);

        using var first = JsonDocument.Parse(whole.Body);
        var next = await gateway.PostAsync("/v1/datasets/customers/query", Query.Replace("\"limit\":3", $"\"limit\":3,\"cursor\":\"{first.RootElement.GetProperty("next").GetString()}\"", StringComparison.Ordinal), key);
        Assert.Equal("""{"rows":[{"id":7,"region":"eu"}],"complete":true}""", next.Body);
    }

    [Fact]
    public async Task Query_IsADecisionAndAnOutcome_OfItsOwn()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/v1/datasets/customers/query", Query, await gateway.KeyAsync("support"));
        var decided = Assert.Single(gateway.Stream.Of<DecisionEvent>(), e => e.Id.ToString() == answer["Proofgate-Audit-Id"]);
        Assert.Equal(("query", """Proofgate::Dataset::"customers""", "customers"), (decided.Decision.Action, decided.Decision.Resource.TrimEnd('"'), Assert.Single(decided.Decision.Datasets)));
        Assert.Equal(64, decided.Decision.Residuals["customers"].Length);
        Assert.Contains(decided.Decision.Questions, static q => q is { Action: "readColumn", Resource: "customers.region", Allowed: true });
        Assert.Contains(decided.Decision.Questions, static q => q is { Action: "readRow", Allowed: true });
        var outcome = await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Equal(("completed", "customers", 3L, (long)answer.Body.Length), (outcome.Result, outcome.Target, outcome.Rows, outcome.BytesOut));
        Assert.Equal("public", answer["Proofgate-Label"]);
    }

    [Theory]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"name","value":"x"}}""", "unknown_column", "where")]
    [InlineData("""{"select":["nothing"]}""", "unknown_column", "select")]
    [InlineData("""{"select":["id"],"wher":{}}""", "invalid_query", "wher")]
    [InlineData("""{"select":["id"],"select":["id"]}""", "invalid_json", null)]
    [InlineData("""{"select":["id"],"cursor":"AAAA"}""", "invalid_cursor", "cursor")]
    [InlineData("""{"select":["id"],"limit":100000}""", "invalid_query", "limit")]
    public async Task Query_IsRefused_NamingTheMember(string query, string code, string? member)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/v1/datasets/customers/query", query, await gateway.KeyAsync("analyst"));
        Assert.Equal((400, code), (answer.Status, answer.Code));
        using var body = JsonDocument.Parse(answer.Body);
        Assert.Equal(member, body.RootElement.TryGetProperty("param", out var param) ? param.GetString() : null);
        Assert.Empty(gateway.Stream.Of<DecisionEvent>());
    }

    [Fact]
    public async Task AnswerInOnePiece_IsRefused_WhenItIsTooLarge()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Data:MaxAnswerBytes", "1024"));
        var key = await gateway.KeyAsync("analyst");
        const string large = """{"select":["id","region","tenant"],"where":{"op":"not","of":{"op":"eq","column":"region","value":"none"}}}""";
        Assert.Equal(200, (await gateway.PostAsync("/v1/datasets/customers/query", large, key)).Status);
    }

    [Fact]
    public async Task KeyForOneDataset_ReadsItsColumnsAndNoOther()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst", limits: new KeyLimits { Actions = new HashSet<string> { "query" }, Datasets = new HashSet<string> { "customers" } });
        Assert.Equal(200, (await gateway.PostAsync("/v1/datasets/customers/query", Query, key)).Status);
        var other = await gateway.PostAsync("/v1/datasets/invoices/query", """{"select":["id"]}""", key);
        Assert.Equal((403, "policy_denied"), (other.Status, other.Code));
    }

    private static async Task<(int, string?)> CodeOf(TestGateway gateway, string path, string role)
    {
        var answer = await gateway.GetAsync(path, await gateway.KeyAsync(role));
        return (answer.Status, answer.Code);
    }

    private static Task<Answer> LinesAsync(TestGateway gateway, string key, string query)
    {
        var request = TestGateway.Post("/v1/datasets/customers/query", query);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        return gateway.SendAsync(request, key);
    }
}
