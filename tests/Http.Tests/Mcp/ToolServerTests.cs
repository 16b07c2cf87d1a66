using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Inference.ToolServers;
using Proofgate.Support;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>Registered servers of tools: a real one, by the official library of another language, which can be told to misbehave.</summary>
public sealed class ToolServerTests
{
    private const string Permit = """permit (principal, action == Proofgate::Action::"useTool", resource) when { resource.source == "weather" };""";

    private static readonly string[] Allowed = ["get_forecast", "contact", "fails", "refuses", "pictures", "huge", "slow", "unseen", "anchored"];

    [Fact]
    public async Task Tools_OfAServer_AreListedAndCalled_WithOurCredentialAndNothingOfTheCallers()
    {
        await using var house = await House.StartAsync();
        Assert.Equal(
            ["weather__contact", "weather__fails", "weather__get_forecast", "weather__huge", "weather__pictures", "weather__refuses", "weather__slow"], await house.ListAsync());
        var listed = (await house.Gateway.RpcAsync(house.Key, "tools/list")).Json["result"]!["tools"]!.AsArray().Single(static t => (string?)t!["name"] == "weather__get_forecast")!;
        Assert.Equal("Tells the weather of a city.", (string?)listed["description"]);
        Assert.True((bool)listed["annotations"]!["readOnlyHint"]!);
        Assert.Null(listed["outputSchema"]);

        var answer = await house.Gateway.CallToolAsync(house.Key, "weather__get_forecast", """{"city":"Bern"}""", ("Cookie", "a=b"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        Assert.Equal(("Sun in Bern", "internal"), (answer.TextOf(), answer["Proofgate-Label"]));
        Assert.Equal("weather", (await house.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Target);

        var requests = house.Requests;
        Assert.All(requests, static r => Assert.Equal("Bearer of-the-server", (string?)r["headers"]!["authorization"]));
        Assert.DoesNotContain(requests, r => r.ToJsonString().Contains(house.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(requests, static r => r["headers"]!.AsObject().Any(static h => h.Key is "cookie" or "x-forwarded-for" or "traceparent" or "dpop"));
        Assert.Single(requests, static r => (string?)r["rpc"] == "tools/call");
    }

    [Fact]
    public async Task Answers_OfAServer_AreRedacted_AlsoItsErrors_AndWhatIsNoTextIsWithheld()
    {
        await using var house = await House.StartAsync();
        var contact = await house.CallAsync("weather__contact");
        Assert.Equal("card [PAYMENT_CARD]", contact.TextOf());
        Assert.Equal("[PAYMENT_CARD]", (string?)contact.Json["result"]!["structuredContent"]!["card"]);
        var fails = await house.CallAsync("weather__fails");
        Assert.Equal((true, "the card [PAYMENT_CARD] is not known"), (fails.SaysItFailed(), fails.TextOf()));
        var refuses = await house.CallAsync("weather__refuses");
        Assert.True(refuses.SaysItFailed());
        Assert.StartsWith("The server 'weather' refused the call (-32602): ", refuses.TextOf(), StringComparison.Ordinal);
        Assert.EndsWith("not for [PAYMENT_CARD]", refuses.TextOf(), StringComparison.Ordinal);
        var pictures = await house.CallAsync("weather__pictures");
        Assert.Equal(
            ["[withheld: it is no text, and what cannot be inspected is not released]", "in a resource", "z <https://example.com/z>"],
            pictures.Json["result"]!["content"]!.AsArray().Select(static c => (string?)c!["text"]));
    }

    [Fact]
    public async Task Calls_ThatPolicyOrTheSchemaRefuses_DoNotReachTheServer()
    {
        await using var house = await House.StartAsync();
        Assert.True((await house.Gateway.CallToolAsync(house.Key, "weather__get_forecast", """{"city":7}""")).SaysItFailed());
        Assert.True((await house.Gateway.CallToolAsync(house.Key, "weather__get_forecast", """{"city":"Bern","City":"Rome"}""")).SaysItFailed());
        Assert.Equal(422, (await house.Gateway.CallToolAsync(house.Key, "weather__get_forecast", """{"city":"4111 1111 1111 1111"}""")).Status);
        Assert.Equal("tool_not_found", (await house.CallAsync("weather__not-allowed")).Code);
        Assert.Equal("tool_not_found", (await house.CallAsync("weather__unseen")).Code);
        Assert.Equal("tool_not_found", (await house.CallAsync("weather__anchored")).Code);
        house.Gateway.Stream.Down = static e => e is DecisionEvent;
        Assert.Equal(503, (await house.Gateway.CallToolAsync(house.Key, "weather__get_forecast", """{"city":"Bern"}""")).Status);
        Assert.DoesNotContain(house.Requests, static r => (string?)r["rpc"] == "tools/call");
        Assert.Contains(house.Gateway.Log.Lines, static l => l.Contains("unseen: it has characters that are not seen", StringComparison.Ordinal) && l.Contains("anchored: its schema cannot be checked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("twice")]
    public async Task Tool_ThatIsAnotherThanItWas_IsNotOffered_UntilTheBundleSaysSo(string mode)
    {
        await using var house = await House.StartAsync();
        Assert.Contains("weather__get_forecast", await house.ListAsync());
        await house.TellAsync(mode);
        Assert.DoesNotContain("weather__get_forecast", await house.ListAsync());
        Assert.Contains("weather__contact", await house.ListAsync());
        Assert.Equal("tool_not_found", (await house.Gateway.CallToolAsync(house.Key, "weather__get_forecast", """{"city":"Bern"}""")).Code);
        Assert.DoesNotContain(house.Requests, static r => (string?)r["rpc"] == "tools/call");
        await house.TellAsync("honest");
        Assert.Contains("weather__get_forecast", await house.ListAsync());
    }

    [Theory]
    [InlineData("endless", 502)]
    [InlineData("redirect", 502)]
    [InlineData("silent", 504)]
    public async Task Server_ThatDoesNotSayWhatItHas_IsNotCalled_AndThatIsTold(string mode, int status)
    {
        await using var house = await House.StartAsync();
        Assert.Contains("weather__contact", await house.ListAsync());
        await house.TellAsync(mode);
        var answer = await house.CallAsync("weather__contact");
        Assert.Equal((status, status == 504 ? "upstream_timeout" : "upstream_unavailable"), (answer.Status, answer.Code));
        Assert.Contains("The server 'weather' ", (string?)answer.Json["error"]!["message"], StringComparison.Ordinal);
        Assert.DoesNotContain(house.Requests, static r => (string?)r["rpc"] == "tools/call");
        Assert.Equal(status == 504 ? "timed_out" : "upstream_failed", (await house.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
    }

    [Fact]
    public async Task Answers_ThatAreTooLargeOrLate_EndTheCall()
    {
        await using var house = await House.StartAsync(("Proofgate:Tools:MaxAnswerBytes", "65536"), ("Proofgate:Mcp:CallTimeout", "00:00:10"));
        Assert.Equal((502, "upstream_unavailable"), Of(await house.CallAsync("weather__huge")));
        Assert.Equal((504, "upstream_timeout"), Of(await house.CallAsync("weather__slow")));
    }

    [Fact]
    public async Task Server_InANetworkThatIsNotAllowed_OrThatIsGone_IsNotReached()
    {
        await using var house = await House.StartAsync(("Proofgate:Outbound:AllowLoopback", "false"));
        Assert.Empty(await house.ListAsync());
        Assert.Empty(house.Requests);
    }

    [Theory]
    [InlineData("""{"Weather":{}}""", "tools.Weather must be called by")]
    [InlineData("""{"datasets":{}}""", "tools.datasets must be called by")]
    [InlineData("""{"w":{"label":"public","external":true,"alow":{}}}""", "tools.w.alow is not known here")]
    [InlineData("""{"w":{"label":"public","external":true,"allow":{}}}""", "tools.w.allow must be an object")]
    [InlineData("""{"w":{"label":"public","external":true,"allow":{"t":{}}}}""", "tools.w.allow.t.digest must be")]
    [InlineData("""{"w":{"label":"public","external":true,"allow":{"a b":{"digest":"0000000000000000000000000000000000000000000000000000000000000000"}}}}""", "would be 'w__a b' here")]
    [InlineData("""{"w":{"label":"secret","external":true,"allow":{"t":{"digest":"0000000000000000000000000000000000000000000000000000000000000000"}}}}""", "tools.w.label must be one of")]
    [InlineData("""{"w":{"label":"public","allow":{"t":{"digest":"0000000000000000000000000000000000000000000000000000000000000000"}}}}""", "tools.w.external must be true or false")]
    [InlineData("""{"w":{"label":"public","external":true,"endpoint":"http://example.com/mcp","allow":{"t":{"digest":"0000000000000000000000000000000000000000000000000000000000000000"}}}}""", "tools.w.endpoint must be an https address")]
    [InlineData("""{"w":{"label":"public","external":true,"endpoint":"https://evil.example.com/mcp","allow":{"t":{"digest":"0000000000000000000000000000000000000000000000000000000000000000"}}}}""", "has the host 'evil.example.com', which Proofgate:ToolServers:w:Hosts does not list")]
    public async Task Registration_ThatIsNotSound_IsRefusedWithItsPlace(string tools, string problem)
    {
        using var bundle = new TestBundle(string.Empty, tools: tools);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestGateway.StartAsync(bundle.Setting, ("Proofgate:ToolServers:w:Hosts:0", "example.com")));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    private static (int, string?) Of(Answer answer) => (answer.Status, answer.Code);

    /// <summary>A gateway with the server registered, its tools pinned as they were.</summary>
    private sealed class House : IAsyncDisposable
    {
        private readonly ManagedProcess _server;
        private readonly TestBundle _bundle;
        private readonly Uri _address;

        private House(ManagedProcess server, Uri address, TestBundle bundle, TestGateway gateway, string key) =>
            (_server, _address, _bundle, Gateway, Key) = (server, address, bundle, gateway, key);

        internal TestGateway Gateway { get; }

        internal string Key { get; }

        /// <summary>The gateway's; not those by which the digests were found out.</summary>
        internal IReadOnlyList<JsonObject> Requests =>
            [.. _server.Output.Skip(1).Select(static l => JsonNode.Parse(l)!.AsObject()).Where(static r => r["headers"]!["x-looks"] is null)];

        internal static async Task<House> StartAsync(params (string, string?)[] settings)
        {
            var server = await Peers.StartAsync("mcp-server.mjs");
            var address = new Uri(await server.WaitForLineAsync("http://"));
            var pins = await PinsAsync(address);
            var bundle = new TestBundle(Permit, tools: $$"""{"weather":{"label":"internal","external":true,"timeoutSeconds":1,"allow":{ {{string.Join(',', pins)}} } } }""");
            var gateway = await TestGateway.StartAsync(
            [
                bundle.Setting, ("Proofgate:ToolServers:weather:Endpoint", new Uri(address, "/mcp").ToString()), ("Proofgate:ToolServers:weather:Hosts:0", "127.0.0.1"),
                ("Proofgate:ToolServers:weather:Secret", "of-the-server"), ("Proofgate:Tools:Refresh", "00:00:00.001"), ("Proofgate:Tools:RetryAfter", "00:00:00.001"),
                ("Proofgate:Tools:ListTimeout", "00:00:02"), .. settings,
            ]);
            return new House(server, address, bundle, gateway, await gateway.KeyAsync("nobody"));
        }

        /// <summary>What whoever registers the server sees of it.</summary>
        private static async Task<IEnumerable<string>> PinsAsync(Uri address)
        {
            await using var transport = new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(address, "/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["x-looks"] = "1" },
            });
            await using var client = await McpClient.CreateAsync(transport);
            return (await client.ListToolsAsync()).Where(static t => Allowed.Contains(t.Name)).Select(static t => $"\"{t.Name}\":{{\"digest\":\"{ToolDigest.Of(t.ProtocolTool)}\"}}").ToList();
        }

        internal async Task<IReadOnlyList<string?>> ListAsync() =>
            [.. (await Gateway.RpcAsync(Key, "tools/list")).Json["result"]!["tools"]!.AsArray().Select(static t => (string?)t!["name"])];

        internal Task<Answer> CallAsync(string tool) => Gateway.CallToolAsync(Key, tool);

        internal async Task TellAsync(string mode)
        {
            using var http = new HttpClient();
            await http.PutAsync(new Uri(_address, "/mode"), new StringContent(mode));
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await _server.DisposeAsync();
            _bundle.Dispose();
        }
    }
}
