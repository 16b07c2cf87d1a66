using System.Text.Json.Nodes;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>Datasets as tools and resources, with the sample's data.</summary>
public sealed class DatasetToolTests
{
    private const string Query = """{"select":["id","region"],"orderBy":[{"column":"region"}],"limit":3}""";

    [Fact]
    public async Task Query_ByTool_GivesWhatTheRouteGives_UnderItsOwnDecision()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var route = await gateway.PostAsync("/v1/datasets/customers/query", Query, key);
        var tool = await gateway.CallToolAsync(key, "datasets__customers", Query);
        // A cursor is sealed anew each time.
        Assert.Equal(route.Json["rows"]!.ToJsonString(), JsonNode.Parse(tool.TextOf())!["rows"]!.ToJsonString());
        Assert.Equal(route.Json["rows"]!.ToJsonString(), tool.Json["result"]!["structuredContent"]!["rows"]!.ToJsonString());

        var decisions = gateway.Stream.Of<DecisionEvent>().Select(static e => (e.Decision.Action, e.Decision.Resource)).ToList();
        Assert.Equal([("query", "Proofgate::Dataset::\"customers\""), ("useTool", "Proofgate::Tool::\"datasets__customers\""), ("query", "Proofgate::Dataset::\"customers\"")], decisions);
        await gateway.Stream.OutcomeAsync(tool["Proofgate-Audit-Id"]);
        Assert.Equal([3L, 3L], gateway.Stream.Of<OutcomeEvent>().Select(static e => e.Rows).OfType<long>());
    }

    [Fact]
    public async Task Pages_GoOn_ByTheCursor()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var first = JsonNode.Parse((await gateway.CallToolAsync(key, "datasets__customers", Query)).TextOf())!;
        Assert.False((bool)first["complete"]!);
        var next = await gateway.CallToolAsync(key, "datasets__customers", Query.Replace("\"limit\":3", $"\"limit\":3,\"cursor\":\"{first["next"]}\"", StringComparison.Ordinal));
        Assert.False(next.SaysItFailed(), next.Body);
        Assert.NotEqual(first["rows"]!.ToJsonString(), JsonNode.Parse(next.TextOf())!["rows"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"select":["name"]}""")]
    [InlineData("""{"select":["nothing"]}""")]
    [InlineData("""{"select":["id; drop table customers"]}""")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"vip","value":true}}""")]
    [InlineData("""{"select":["id"],"where":{"op":"raw","value":"1=1"}}""")]
    [InlineData("""{"select":["id"],"aggregates":[{"function":"count"}]}""")]
    public async Task Queries_ThatAreNotTheCallers_AreToldToTheModel(string query)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.CallToolAsync(await gateway.KeyAsync("analyst"), "datasets__customers", query);
        Assert.True(answer.SaysItFailed(), answer.Body);
        Assert.DoesNotContain(gateway.Stream.Of<DecisionEvent>(), static e => e.Decision.Action == "query");
    }

    [Fact]
    public async Task Tool_DoesNotOpenADataset_ThatItsCallerMayNotQuery()
    {
        using var bundle = new TestBundle("""permit (principal, action == Proofgate::Action::"useTool", resource);""");
        await using var gateway = await TestGateway.StartAsync(bundle.Setting);
        var key = await gateway.KeyAsync("nobody");
        var answer = await gateway.CallToolAsync(key, "datasets__customers", Query);
        Assert.True(answer.SaysItFailed(), answer.Body);
        Assert.Equal(-32603, (await gateway.RpcAsync(key, "resources/read", """{"uri":"dataset://customers"}""")).RpcCode());
        Assert.Equal(2, gateway.Stream.Of<RefusalEvent>().Count);
    }

    [Fact]
    public async Task Resource_NamesTheColumnsThatTheCallerMayRead()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var read = await gateway.RpcAsync(key, "resources/read", """{"uri":"dataset://customers"}""");
        var described = JsonNode.Parse((string)read.Json["result"]!["contents"]![0]!["text"]!)!;
        Assert.Equal(["id", "tenant", "region"], described["columns"]!.AsArray().Select(static c => (string?)c!["name"]));
        Assert.Equal((await gateway.GetAsync("/v1/datasets/customers", key)).Body, described.ToJsonString());
    }

    [Fact]
    public async Task Datasets_WithoutASource_AreNoTools()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:DataSources:sample:Address", null));
        Assert.DoesNotContain("datasets__customers", (await gateway.RpcAsync(await gateway.KeyAsync("analyst"), "tools/list")).Body, StringComparison.Ordinal);
    }
}
