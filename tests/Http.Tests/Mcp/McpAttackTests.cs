using System.Text;
using System.Text.Json;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>Messages that are made to be read in two ways, to cost much, or to get past a control.</summary>
public sealed class McpAttackTests
{
    public static TheoryData<string, string> Bodies { get; } = new()
    {
        { "[]", "invalid_request" },
        { "[" + Samples.ToolCall + "]", "invalid_request" },
        { $"[{Samples.ToolCall},{Samples.ToolCall}]", "invalid_request" },
        { "\"ping\"", "invalid_request" },
        { "null", "invalid_request" },
        { "", "invalid_json" },
        { "{", "invalid_json" },
        { Samples.ToolCall + Samples.ToolCall, "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""", "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}""", "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"datasets__echo","name":"vault__open","arguments":{"text":"x"}}}""", "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"datasets__echo","arguments":{"text":"x","text":"y"}}}""", "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"datasets__echo","arguments":{"te\u0078t":"x","text":"y"}}}""", "invalid_json" },
        { """{"jsonrpc":"1.0","id":1,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":2.0,"id":1,"method":"ping"}""", "invalid_request" },
        { """{"id":1,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":null,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1e400,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":[1],"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":true,"method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":"","method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""", "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", "invalid_json" },
        { """{"jsonrpc":"2.0","id":1,"method":""}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1,"method":7}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1,"Method":"ping"}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"a":1}}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1,"result":{}}""", "invalid_request" },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""", "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Bodies_ThatAreNotOneMessage_AreRefusedWhole(string body, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.McpAsync(await gateway.KeyAsync("analyst"), body);
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Null(answer.Json["id"]);
        Assert.Empty(gateway.Tools.Ran);
        Assert.Empty(gateway.Stream.Of<DecisionEvent>());
        Assert.Single(gateway.Stream.Of<RefusalEvent>());
    }

    [Fact]
    public async Task Bodies_ThatAreLarge_Deep_OrNoText_AreRefused()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Body:MaxBytes", "2097152"));
        var key = await gateway.KeyAsync("analyst");
        var deep = $$$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":{{{new string('[', 70)}}}{{{new string(']', 70)}}} } }""";
        Assert.Equal((400, "invalid_json"), Of(await gateway.McpAsync(key, deep)));
        Assert.Equal((400, "invalid_request"), Of(await gateway.McpAsync(key, $"[{string.Join(',', Enumerable.Repeat("0", 500_000))}]")));
        Assert.Equal((413, "request_too_large"), Of(await gateway.McpAsync(key, $"\"{new string('x', 2_097_152)}\"")));
        Assert.Equal((413, "prompt_too_large"), Of(await gateway.CallToolAsync(key, "datasets__echo", $$"""{"text":"{{new string('x', 1_048_577)}}"}""")));
        Assert.Equal((200, "invalid_params"), Of(await gateway.CallToolAsync(key, "datasets__echo", """{"text":"\ud800"}""")));
        Assert.Equal((200, "invalid_params"), Of(await gateway.CallToolAsync(key, "datasets__echo", """["text"]""")));
        Assert.Equal((415, "unsupported_media_type"), Of(await gateway.McpAsync(key, Samples.ToolCall, ("Content-Type", "text/plain"))));
        Assert.Equal((406, "not_acceptable"), Of(await gateway.McpAsync(key, Samples.ToolCall, ("Accept", "text/event-stream"))));

        var bytes = Encoding.UTF8.GetBytes(Samples.ToolCall.Replace("hi", "h\u00e9", StringComparison.Ordinal));
        bytes[Array.IndexOf(bytes, (byte)0xc3)] = 0xff;
        var request = TestGateway.Post("/mcp", string.Empty);
        request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };
        Assert.Equal((400, "invalid_json"), Of(await gateway.SendAsync(request, key)));
        Assert.Empty(gateway.Tools.Ran);
    }

    [Theory]
    [InlineData("datasets__ECHO")]
    [InlineData("datasets__echo ")]
    [InlineData(" datasets__echo")]
    [InlineData("datasets__echo\\u0000")]
    [InlineData("datasets__echo\\u200b")]
    [InlineData("d\\u0430tasets__echo")]
    [InlineData("datasets\\uff3f\\uff3fecho")]
    [InlineData("datasets__")]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("toString")]
    [InlineData("../datasets__echo")]
    [InlineData("vault__open/../datasets__echo")]
    [InlineData("datasets__echo__")]
    [InlineData("t\\u0435st__cyrillic")]
    [InlineData("twice")]
    [InlineData("")]
    public async Task Names_ThatAreNearlyATools_AreNone(string name)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.RpcAsync(await gateway.KeyAsync("analyst"), "tools/call", $$$"""{"name":"{{{name}}}","arguments":{"text":"x"}}""");
        Assert.Equal((200, "tool_not_found", -32602), (answer.Status, answer.Code, answer.RpcCode()));
        Assert.Empty(gateway.Tools.Ran);
    }

    [Theory]
    [InlineData("""{"name":["datasets__echo"],"arguments":{"text":"x"}}""")]
    [InlineData("""{"name":{"name":"datasets__echo"}}""")]
    [InlineData("""{"Name":"datasets__echo","arguments":{"text":"x"}}""")]
    [InlineData("""{"arguments":{"name":"datasets__echo","text":"x"}}""")]
    [InlineData("{}")]
    public async Task Names_ThatAreElsewhere_AreNone(string parameters)
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal("tool_not_found", (await gateway.RpcAsync(await gateway.KeyAsync("analyst"), "tools/call", parameters)).Code);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    public async Task OtherMethods_OpenNoStream_AndEndNoSession(string method)
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("Mcp-Session-Id", "1");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "1");
        var answer = await gateway.SendAsync(request, await gateway.KeyAsync("analyst"));
        Assert.Equal((405, "POST", -32601), (answer.Status, answer["Allow"], answer.RpcCode()));
    }

    [Theory]
    [InlineData("evil.example.com", null, true)]
    [InlineData("evil.example.com", "http://evil.example.com", true)]
    [InlineData("127.0.0.1", "http://evil.example.com", true)]
    [InlineData("127.0.0.1", "null", true)]
    [InlineData("127.0.0.1.evil.example", "http://127.0.0.1.evil.example", true)]
    [InlineData("gateway.example.com", "http://localhost:3000", true)]
    [InlineData("gateway.example.com.", null, true)]
    [InlineData("gateway.example.com:8443", null, true)]
    [InlineData("gateway.example.com", "https://gateway.example.com", false)]
    [InlineData("gateway.example.com", "https://app.example.com", false)]
    [InlineData("GATEWAY.example.com", null, false)]
    [InlineData("localhost:1234", "http://localhost:3000", false)]
    [InlineData("[::1]:1234", "http://127.0.0.1:3000", false)]
    [InlineData("127.0.0.1", null, false)]
    public async Task Pages_OfOtherNames_AreTurnedAway(string host, string? origin, bool refused)
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:PublicOrigins:0", "https://gateway.example.com"), ("Proofgate:Cors:Origins:0", "https://app.example.com"));
        (string, string)[] headers = origin is null ? [("Host", host)] : [("Host", host), ("Origin", origin)];
        var answer = await gateway.McpAsync(await gateway.KeyAsync("analyst"), Samples.ToolCall, headers);
        Assert.Equal(refused ? 403 : 200, answer.Status);
        Assert.Equal(refused ? "origin_not_allowed" : null, refused ? answer.Code : null);
        Assert.Equal(refused ? 0 : 1, gateway.Tools.Ran.Count);
    }

    [Fact]
    public async Task Cancellation_ByAnotherMessage_EndsNobodysCall()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Mcp:CallTimeout", "00:00:01"));
        var calling = gateway.CallToolAsync(await gateway.KeyAsync("analyst"), "datasets__wait");
        await gateway.Tools.Waiting.Task;
        var other = await gateway.McpAsync(await gateway.KeyAsync("analyst"), """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"mine"}}""");
        Assert.Equal(202, other.Status);
        Assert.Equal(504, (await calling).Status);
    }

    [Fact]
    public async Task Calls_WithOneIdAtOnce_GetTheirOwnAnswers()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => gateway.CallToolAsync(key, "datasets__echo", $$"""{"text":"{{i}}"}""")));
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => $"{i}"), answers.Select(static a => a.TextOf()));
    }

    [Fact]
    public async Task Log_HasNoContent_EvenAtItsFinest()
    {
        const string canary = "canary-5f1d";
        await using var gateway = await TestGateway.StartAsync(("Logging:LogLevel:Default", "Trace"));
        var key = await gateway.KeyAsync("analyst");
        await gateway.CallToolAsync(key, "datasets__echo", $$"""{"text":"{{canary}}"}""");
        await gateway.CallToolAsync(key, "datasets__echo", $$"""{"{{canary}}":1}""");
        await gateway.RpcAsync(key, canary);
        await gateway.CallToolAsync(key, canary);
        Assert.DoesNotContain(gateway.Log.Lines, static l => l.Contains(canary, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Stream.Events, static e => EventText(e).Contains(canary, StringComparison.Ordinal));
    }

    private static string EventText(AuditEvent auditEvent) =>
        auditEvent + JsonSerializer.Serialize(auditEvent, auditEvent.GetType()) + (auditEvent.Personal is { } personal ? Encoding.UTF8.GetString(personal.Json.Span) : null);

    private static (int, string?) Of(Answer answer) => (answer.Status, answer.Code);
}
