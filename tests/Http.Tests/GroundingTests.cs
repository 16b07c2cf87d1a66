using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Http.Tests.Support;
using Proofgate.Inference;

namespace Proofgate.Http.Tests;

/// <summary>A prompt that stands on rows: the model may know of them what its caller may not see, and says none of that verbatim.</summary>
public sealed class GroundingTests : IAsyncLifetime
{
    private const string Rows = "Data of customers: ada@example.org, phone: 5552340199, Project Nightingale, GB29NWBK60161331926819, 86.121.97.248";
    private const string Own = "86.121.97.1";

    private readonly ListedRows _rows = new();
    private TestGateway _gateway = null!;
    private string _sent = string.Empty;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(_rows);
        _gateway.Upstream.Answer = EchoAsync;
        _rows.Gives(Rows, 2, "Project Nightingale", "86.121.97.248");
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"assistant",EXT,"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"assistant",EXT,"stream":true,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/responses", """{"model":"assistant",EXT,"input":"PROMPT"}""")]
    [InlineData("/v1/responses", """{"model":"assistant",EXT,"stream":true,"input":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/messages", """{"model":"claude",EXT,"max_tokens":16,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/messages", """{"model":"claude",EXT,"max_tokens":16,"stream":true,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    public async Task Model_IsGivenTheRows_AndTheCallerSeesNothingThatIsWithheld(string path, string body)
    {
        const string extension = """ "proofgate":{"datasets":[{"name":"customers","query":{"region":"eu"}}]} """;
        // The upstream of claude is outside in this deployment: people go there as placeholders.
        var outside = path.EndsWith("messages", StringComparison.Ordinal);
        _rows.Gives(Rows, outside ? 0 : 2, "Project Nightingale", "86.121.97.248");
        var answer = await _gateway.PostAsync(
            path, body.Replace("EXT", extension, StringComparison.Ordinal).Replace("PROMPT", $"Who is at {Own}?", StringComparison.Ordinal), await _gateway.DeveloperAsync());

        Assert.Equal(200, answer.Status);
        Assert.Equal(("customers", """{"region":"eu"}"""), (_rows.Asked.Single().Dataset, Encoding.UTF8.GetString(_rows.Asked.Single().Query.Span)));
        Assert.DoesNotContain("proofgate", _sent, StringComparison.Ordinal);
        Assert.Matches(
            outside ? @"\[EMAIL_ADDRESS_1_\w{8}\], phone: \[PHONE_NUMBER_2_\w{8}\], Project Nightingale, \[IBAN_3_" : @"ada@example\.org, phone: 5552340199, Project Nightingale, \[IBAN_1_", _sent);
        Assert.True(_sent.IndexOf("Data of", StringComparison.Ordinal) < _sent.IndexOf("Who is", StringComparison.Ordinal));
        Assert.Equal(
            outside
                ? $"Data of customers: [EMAIL_ADDRESS], phone: [PHONE_NUMBER], [WITHHELD], [IBAN], [IP_ADDRESS]|Who is at {Own}?|5552340199 is [WITHHELD]"
                : $"Data of customers: [WITHHELD], phone: [WITHHELD], [WITHHELD], [IBAN], [IP_ADDRESS]|Who is at {Own}?|[WITHHELD] is [WITHHELD]",
            Said(answer.Body));
        var claim = Assert.IsType<LineageReading.Valid>(
            _gateway.Services.GetRequiredService<LineageTokens>().Read(answer["Proofgate-Lineage"]!, _gateway.Upstream.Last!.Call.Caller)).Claim;
        Assert.Equal((outside ? "public" : "confidential", claim.Label), (answer["Proofgate-Label"], answer["Proofgate-Label"]));
        Assert.Equal(["customers"], claim.Datasets);
        var decision = _gateway.Stream.Of<DecisionEvent>().Single().Decision;
        Assert.Equal(["customers"], decision.Datasets);
        Assert.Equal([new("customers", "resource.region == \"eu\"")], decision.Residuals);
        Assert.True((await _gateway.Stream.OutcomeAsync()).Redactions["WITHHELD"] >= 2);
        Assert.All(_gateway.Log.Lines, static l => Assert.DoesNotContain("Nightingale", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Source_CanRefuse_AndItsRefusalIsTheCalls()
    {
        _rows.Result = new GroundingResult.Refused(new Refusal { Id = ListedRows.Decision, Status = 403, Code = "policy_denied", Message = "Not these rows." });
        var answer = await AskAsync();
        Assert.Equal((403, "policy_denied", 0), (answer.Status, answer.Code, _gateway.Upstream.Asked));
    }

    [Fact]
    public async Task Rows_ThatAreTooMany_AreRefused()
    {
        _rows.Gives(new string('x', 1024 * 1024), 0);
        Assert.Equal((413, "prompt_too_large"), await StatusAsync());

        _rows.Gives("x", 0, [.. Enumerable.Range(0, 5000).Select(static i => $"value number {i}")]);
        Assert.Equal((413, "prompt_too_large"), await StatusAsync());
        Assert.Equal(0, _gateway.Upstream.Asked);
    }

    private const string Chat = """{"model":"assistant","proofgate":{"datasets":[{"name":"customers"}]},"messages":[{"role":"user","content":"hi"}]}""";

    private async Task<Answer> AskAsync() => await _gateway.ChatAsync(await _gateway.DeveloperAsync(), Chat);

    private async Task<(int, string?)> StatusAsync() => await AskAsync() is var answer ? (answer.Status, answer.Code) : default;

    private Task<UpstreamAnswer> EchoAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        call.Call.Sent.WriteUpstream(output, "up");
        _sent = Encoding.UTF8.GetString(output.WrittenSpan);
        var body = JsonNode.Parse(_sent)!;
        var said = string.Join('|', (body["messages"] ?? body["input"])!.AsArray().Where(static m => (string?)m!["role"] == "user").Select(static m => (string?)m!["content"])
            .Append("5552340199 is Project\u200B Nightingale"));
        var (plain, streamed) = ScriptedUpstream.AnswersTo(call.Call.Speech);
        var answer = (call.Call.Stream ? streamed : plain).Replace("Hello.", said, StringComparison.Ordinal);
        return Task.FromResult(ScriptedUpstream.Of(200, answer, call.Call.Stream ? "text/event-stream" : "application/json", byteByByte: true));
    }

    private static string Said(string body) => body[0] == '{'
        ? (string)(JsonNode.Parse(body)!["choices"]?[0]?["message"]?["content"] ?? JsonNode.Parse(body)!["output"]?[0]?["content"]?[0]?["text"] ?? JsonNode.Parse(body)!["content"]![0]!["text"])!
        : string.Concat(body.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(static l =>
            (JsonNode.Parse(l[6..])!["choices"]?[0]?["delta"]?["content"] ?? (JsonNode.Parse(l[6..])!["delta"] is JsonObject delta ? delta["text"] : JsonNode.Parse(l[6..])!["delta"]))?.ToString()));
}
