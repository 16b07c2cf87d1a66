using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>The protocol, message by message.</summary>
public sealed class McpProtocolTests
{
    private const string Handshake = """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}""";

    private const string Notification = """{"jsonrpc":"2.0","method":"METHOD","params":{"requestId":1,"name":"datasets__echo","arguments":{"text":"x"}}}""";

    private const string Alone =
        """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"}}}""";

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Initialize_AgreesOnARevision_AndTellsWhatThereIs(string version)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.RpcAsync(await gateway.KeyAsync("nobody"), "initialize", Handshake.Replace("2025-11-25", version, StringComparison.Ordinal));

        Assert.True(answer.Status == 200, answer.Body);
        var result = answer.Json["result"]!;
        Assert.Equal((version, "proofgate"), ((string?)result["protocolVersion"], (string?)result["serverInfo"]!["name"]));
        // The library takes levels of a log that is never sent.
        Assert.Equal(["logging", "resources", "tools"], result["capabilities"]!.AsObject().Where(static c => c.Value is not null).Select(static c => c.Key).Order());
        Assert.Null(answer["Mcp-Session-Id"]);
        await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Single(gateway.Stream.Of<DecisionEvent>());
    }

    [Fact]
    public async Task Notifications_AreTakenWithoutAnAnswer_AndCounted()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        foreach (var method in new[] { "notifications/initialized", "notifications/cancelled", "tools/call", "anything" })
        {
            var answer = await gateway.McpAsync(key, Notification.Replace("METHOD", method, StringComparison.Ordinal));
            Assert.Equal((202, string.Empty), (answer.Status, answer.Body));
        }

        Assert.Equal(4, gateway.Stream.Of<DecisionEvent>().Count);
        Assert.Empty(gateway.Tools.Ran);
    }

    [Fact]
    public async Task Ping_IsAnsweredEmpty_AndUnknownMethodsAreNot()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("nobody");
        var ping = await gateway.McpAsync(key, """{"jsonrpc":"2.0","id":"p-1","method":"ping"}""");
        Assert.Equal("""{"result":{},"id":"p-1","jsonrpc":"2.0"}""", ping.Body);
        Assert.Equal((200, -32601), await CodeAsync(gateway, key, "prompts/list"));
        Assert.Equal((200, -32601), await CodeAsync(gateway, key, "completion/complete"));
        Assert.Equal((200, -32601), await CodeAsync(gateway, key, "no/such"));
        Assert.Empty((await gateway.RpcAsync(key, "resources/templates/list")).Json["result"]!["resourceTemplates"]!.AsArray());
    }

    [Fact]
    public async Task Lists_NameWhatTheCallerMayUse_AndNothingElse()
    {
        await using var gateway = await TestGateway.StartAsync();
        var analyst = await gateway.KeyAsync("analyst");
        var answer = await gateway.RpcAsync(analyst, "tools/list");
        var tools = answer.Json["result"]!["tools"]!.AsArray();

        // Neither what has a label above the caller's clearance, nor another source's, nor a name that looks like another, nor one that two tools claim.
        Assert.Equal(
            ["datasets__broken", "datasets__customers", "datasets__echo", "datasets__hang", "datasets__refund", "datasets__tell", "datasets__wait", "json_schema_2020_12_tool", "test_error_handling", "test_simple_text"],
            tools.Select(static t => (string?)t!["name"]));
        Assert.All(tools, static t => Assert.Equal("object", (string?)t!["inputSchema"]!["type"]));
        Assert.Equal(["dataset://customers", "test://static-text"], (await gateway.RpcAsync(analyst, "resources/list")).Json["result"]!["resources"]!.AsArray().Select(static r => (string?)r!["uri"]));

        var nobody = await gateway.KeyAsync("nobody");
        Assert.Empty((await gateway.RpcAsync(nobody, "tools/list")).Json["result"]!["tools"]!.AsArray());
        Assert.Empty((await gateway.RpcAsync(nobody, "resources/list")).Json["result"]!["resources"]!.AsArray());

        var decision = Assert.Single(gateway.Stream.Of<DecisionEvent>(), e => e.Id.ToString() == answer["Proofgate-Audit-Id"]).Decision;
        Assert.Contains(decision.Questions, static q => (q.Action, q.Resource, q.Allowed) == ("useTool", "vault__open", false));
        Assert.Contains(decision.Questions, static q => (q.Action, q.Resource, q.Allowed) == ("useTool", "datasets__echo", true));
        Assert.Equal("invalid_params", (await gateway.RpcAsync(analyst, "tools/list", """{"cursor":"x"}""")).Code);
    }

    [Fact]
    public async Task Resources_AreRead_AndUnknownOnesAreNotThere()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var read = await gateway.McpAsync(key, Samples.Reading);
        var content = read.Json["result"]!["contents"]![0]!;
        Assert.Equal(("test://static-text", "text/plain", FixtureTools.StaticText), ((string?)content["uri"], (string?)content["mimeType"], (string?)content["text"]));

        var unknown = await gateway.RpcAsync(key, "resources/read", """{"uri":"test://elsewhere"}""");
        Assert.Equal((200, -32002, "resource_not_found"), (unknown.Status, unknown.RpcCode(), unknown.Code));
        Assert.Equal((403, "policy_denied"), await StatusAsync(gateway, key, "resources/read", """{"uri":"vault://gold"}"""));
    }

    [Fact]
    public async Task Messages_OfTheRevisionWithoutHandshake_AreServed_WhereHeadersAndMessageAgree()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var call = Alone.Replace("{\"_meta\"", "{\"name\":\"datasets__echo\",\"arguments\":{\"text\":\"x\"},\"_meta\"", StringComparison.Ordinal);
        (string, string)[] headers = [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "datasets__echo")];

        var discovered = await gateway.RpcAsync(key, "server/discover", Alone, ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "server/discover"));
        Assert.True(discovered.Status == 200, discovered.Body);
        Assert.Contains("2026-07-28", discovered.Json["result"]!["supportedVersions"]!.AsArray().Select(static v => (string?)v));
        var called = await gateway.RpcAsync(key, "tools/call", call, headers);
        Assert.Equal("x", called.TextOf());

        Assert.Equal((400, "header_mismatch"), await StatusAsync(gateway, key, "tools/call", call, [headers[0], headers[1], ("Mcp-Name", "datasets__refund")]));
        Assert.Equal((400, "header_mismatch"), await StatusAsync(gateway, key, "tools/call", call, [headers[0], ("Mcp-Method", "tools/list"), headers[2]]));
        Assert.Equal((400, "header_mismatch"), await StatusAsync(gateway, key, "tools/call", call, [("MCP-Protocol-Version", "2025-11-25"), headers[1], headers[2]]));
        Assert.Equal((400, "header_mismatch"), await StatusAsync(gateway, key, "tools/call", """{"name":"datasets__echo","arguments":{"text":"x"}}""", headers));
        Assert.Equal((404, -32601), await CodeAsync(gateway, key, "no/such", Alone, headers[0], ("Mcp-Method", "no/such")));
        Assert.Single(gateway.Tools.Ran);
    }

    [Theory]
    [InlineData("MCP-Protocol-Version", "2023-01-01", "unsupported_protocol_version")]
    [InlineData("Mcp-Session-Id", "0123456789abcdef", "invalid_request")]
    public async Task Headers_OfWhatIsNotServed_AreRefused(string header, string value, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal((400, code), await StatusAsync(gateway, await gateway.KeyAsync("analyst"), "ping", "{}", [(header, value)]));
    }

    private static async Task<(int, int?)> CodeAsync(TestGateway gateway, string key, string method, string parameters = "{}", params (string, string)[] headers)
    {
        var answer = await gateway.RpcAsync(key, method, parameters, headers);
        return (answer.Status, answer.RpcCode());
    }

    private static async Task<(int, string?)> StatusAsync(TestGateway gateway, string key, string method, string parameters, params (string, string)[] headers)
    {
        var answer = await gateway.RpcAsync(key, method, parameters, headers);
        return (answer.Status, answer.Code);
    }
}
