using System.Buffers;
using System.Text.Json.Nodes;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Http.Tests.Support;
using Proofgate.Inference;

namespace Proofgate.Http.Tests;

/// <summary>A value that no policy lets go to the model: the model gets a placeholder, and who may see the kind gets the value back.</summary>
public sealed class PlaceholderTests : IAsyncLifetime
{
    private const string Address = "86.121.97.248";
    private const string Account = "GB29NWBK60161331926819";
    private const string Before = "[IP_ADDRESS_1_abcdEF09]";

    private TestGateway _gateway = null!;
    private string _sent = string.Empty;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _gateway.Upstream.Answer = EchoAsync;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"assistant","messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"assistant","stream":true,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/openai/deployments/assistant/chat/completions?api-version=2024-10-21", """{"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/responses", """{"model":"assistant","input":"PROMPT"}""")]
    [InlineData("/v1/responses", """{"model":"assistant","stream":true,"input":"PROMPT"}""")]
    [InlineData("/v1/messages", """{"model":"claude","max_tokens":16,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/messages", """{"model":"claude","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    public async Task Prompt_GoesWithPlaceholders_AndTheAnswerHasWhatTheCallerMaySee(string path, string body)
    {
        var answer = await _gateway.PostAsync(path, body.Replace("PROMPT", $"{Address} and {Account}, {Before}", StringComparison.Ordinal), await _gateway.DeveloperAsync());

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(Address, _sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Account, _sent, StringComparison.Ordinal);
        Assert.Matches(@"\[IP_ADDRESS_1_[0-9A-Za-z]{8}\] and \[IBAN_2_[0-9A-Za-z]{8}\], \[=IP_ADDRESS_1_abcdEF09\]", _sent);
        Assert.Equal($"{Address} and [IBAN], {Before}", Said(answer.Body));
        Assert.Equal("public", answer["Proofgate-Label"]);
        var decision = _gateway.Stream.Of<DecisionEvent>()[^1].Decision;
        Assert.Equal([("IBAN", 1L), ("IP_ADDRESS", 1L)], decision.Placeholders.Select(static p => (p.Key, p.Value)).Order());
        var outcome = await _gateway.Stream.OutcomeAsync();
        Assert.Equal([new("IP_ADDRESS", 1L)], outcome.Restored);
        Assert.All(_gateway.Log.Lines, static l => Assert.DoesNotContain(Address, l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Embedding_IsOfTheMask_AndTheSameEachTime()
    {
        var key = await _gateway.DeveloperAsync();
        var sent = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await _gateway.PostAsync("/v1/embeddings", $$"""{"model":"embeddings","input":["ping {{Address}}"]}""", key)).Status);
            sent.Add(_sent);
        }

        Assert.Contains("ping [IP_ADDRESS]", sent[0], StringComparison.Ordinal);
        Assert.Equal(sent[0], sent[1]);
    }

    [Fact]
    public async Task Prompt_IsRefused_WhereAPolicyForbidsAKind_OrNoPlaceholderCanStand()
    {
        var key = await _gateway.DeveloperAsync();
        foreach (var body in new[]
        {
            """{"model":"assistant","messages":[{"role":"user","content":"pay with 4111 1111 1111 1111"}]}""",
            $$$"""{"model":"assistant","metadata":{"{{{Address}}}":"x"},"messages":[{"role":"user","content":"hi"}]}""",
        })
        {
            var answer = await _gateway.PostAsync("/v1/chat/completions", body, key);
            Assert.Equal((422, "prompt_contains_sensitive_data"), (answer.Status, answer.Code));
        }

        Assert.Equal(0, _gateway.Upstream.Asked);
        Assert.All(_gateway.Stream.Of<RefusalEvent>(), static r => Assert.False(r.Decision!.Allowed));
    }

    /// <summary>Says the prompt again, a byte of the body with each read.</summary>
    private Task<UpstreamAnswer> EchoAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        call.Call.Sent.WriteUpstream(output, "up");
        _sent = System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
        var body = JsonNode.Parse(_sent)!;
        var prompt = (string?)body["messages"]?[0]?["content"] ?? (body["input"] is JsonValue input ? (string?)input : null);
        var (plain, streamed) = ScriptedUpstream.AnswersTo(call.Call.Speech);
        var answer = (call.Call.Stream ? streamed : plain).Replace("Hello.", prompt, StringComparison.Ordinal);
        return Task.FromResult(ScriptedUpstream.Of(200, answer, call.Call.Stream ? "text/event-stream" : "application/json", byteByByte: true));
    }

    private static string Said(string body)
    {
        if (body[0] == '{')
        {
            var answer = JsonNode.Parse(body)!;
            return (string)(answer["choices"]?[0]?["message"]?["content"] ?? answer["output"]?[0]?["content"]?[0]?["text"] ?? answer["content"]![0]!["text"])!;
        }

        return string.Concat(body.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(static l =>
        {
            var data = JsonNode.Parse(l[6..])!;
            return (data["choices"]?[0]?["delta"]?["content"] ?? (data["delta"] is JsonObject delta ? delta["text"] : data["delta"]))?.ToString();
        }));
    }
}
