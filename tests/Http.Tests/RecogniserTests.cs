using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Http.Tests.Support;
using Proofgate.Inference;
using Proofgate.Support;

namespace Proofgate.Http.Tests;

/// <summary>Names and places, found by a server that speaks Presidio's API: in prompts and answers, under a decision, and nothing passes that was not looked at.</summary>
public sealed class RecogniserTests : IAsyncLifetime, IDisposable
{
    private const string Prompt = "😀 Ada Lovelace of Zürich wrote from 86.121.97.248.";

    private readonly TemporaryFolder _folder = new();
    private AnalyzerServer _analyzer = null!;
    private TestGateway _gateway = null!;
    private string _sent = string.Empty;
    private Func<string, string> _answer = static prompt => prompt;

    public async Task InitializeAsync()
    {
        _analyzer = await AnalyzerServer.StartAsync();
        _gateway = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _analyzer.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"assistant","messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"assistant","stream":true,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/responses", """{"model":"assistant","input":"PROMPT"}""")]
    [InlineData("/v1/responses", """{"model":"assistant","stream":true,"input":"PROMPT"}""")]
    [InlineData("/v1/messages", """{"model":"claude","max_tokens":16,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    [InlineData("/v1/messages", """{"model":"claude","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"PROMPT"}]}""")]
    public async Task Names_GoAsPlaceholders_AndTheAnswersAreMasked(string path, string body)
    {
        _answer = static prompt => $"{prompt} And Зоя, 😀😀Bo and \\\"Ada Lovelace\\\", Lovelacestreet in Zürich.";
        var answer = await _gateway.PostAsync(path, body.Replace("PROMPT", Prompt, StringComparison.Ordinal), await _gateway.DeveloperAsync());

        Assert.Equal(200, answer.Status);
        Assert.Matches(@"\[PERSON_NAME_1_\w{8}\] of \[PLACE_2_\w{8}\] wrote from \[IP_ADDRESS_3_", _sent);
        // The developer may see places and addresses of machines, and no names. The street is no name.
        Assert.Equal(
            "😀 [PERSON_NAME] of Zürich wrote from 86.121.97.248. And [PERSON_NAME], [PERSON_NAME] and \"[PERSON_NAME]\", Lovelacestreet in Zürich.", Said(answer.Body));
        Assert.Equal("public", answer["Proofgate-Label"]);
        var decisions = _gateway.Stream.Of<DecisionEvent>();
        Assert.Equal(["disclose", "infer"], decisions.Select(static d => d.Decision.Action));
        Assert.Equal("Proofgate::Model::\"presidio\"", decisions[0].Decision.Resource);
        Assert.Equal(["IP_ADDRESS", "PERSON_NAME", "PLACE"], decisions[1].Decision.Placeholders.Keys.Order());
        var outcome = await _gateway.Stream.OutcomeAsync(decisions[0].Id.ToString());
        Assert.Equal(("completed", "presidio", 2L), (outcome.Result, outcome.Target, outcome.Events));
        Assert.True((await _gateway.Stream.OutcomeAsync(decisions[1].Id.ToString())).Redactions["PERSON_NAME"] >= 3);
        Assert.All(_gateway.Log.Lines, static l => Assert.DoesNotContain("Lovelace", l, StringComparison.Ordinal));
        // What may not go to it as it is, it has not seen.
        Assert.All(_analyzer.Texts, static t => Assert.DoesNotContain("86.121", t, StringComparison.Ordinal));
        Assert.Contains(_analyzer.Texts, static t => t.Contains("from *************.", StringComparison.Ordinal));
        Assert.Equal(("en", 0.4), ((string?)_analyzer.LastRequest!["language"], (double?)_analyzer.LastRequest["score_threshold"]));
    }

    [Fact]
    public async Task Recogniser_IsNotAsked_BeforeItsDecisionIsAcknowledged()
    {
        _gateway.Stream.Down = static e => e is DecisionEvent { Decision.Action: "disclose" };
        var answer = await _gateway.ChatAsync(await _gateway.DeveloperAsync(), Chat());
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.Code));
        Assert.Empty(_analyzer.Texts);
        Assert.Equal(0, _gateway.Upstream.Asked);
    }

    [Fact]
    public async Task Recogniser_ThatPolicyDoesNotAllow_IsNotAsked_AndNothingGoesOn()
    {
        await using var gateway = await StartAsync(policy: """@id("nothing-to-presidio") @reason("Not there.") forbid (principal, action == Proofgate::Action::"disclose", resource == Proofgate::Model::"presidio");""");
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Chat());
        Assert.Equal((403, "policy_denied"), (answer.Status, answer.Code));
        Assert.Empty(_analyzer.Texts);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    public static TheoryData<string> Faults => ["dies", "slow", "garbage", "not a list", "beyond", "backwards", "negative", "no number", "error", "large", "gone"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_OfTheRecogniser_KeepsThePromptBack(string fault)
    {
        _analyzer.Fault = FaultOf(fault);
        if (fault == "gone")
        {
            await _analyzer.StopAsync();
        }

        var answer = await _gateway.ChatAsync(await _gateway.DeveloperAsync(), Chat());
        Assert.Equal((503, "recogniser_unavailable"), (answer.Status, answer.Code));
        Assert.Equal(0, _gateway.Upstream.Asked);
        Assert.Equal("upstream_failed", (await _gateway.Stream.OutcomeAsync()).Result);
        Assert.Single(_gateway.Stream.Of<RefusalEvent>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fault_OfTheRecogniser_KeepsTheAnswerBack(bool stream)
    {
        _answer = prompt =>
        {
            _analyzer.Fault = FaultOf("dies");
            return prompt;
        };
        var answer = await _gateway.ChatAsync(await _gateway.DeveloperAsync(), Chat(stream));
        Assert.Equal(stream ? 200 : 503, answer.Status);
        Assert.Contains("recogniser_unavailable", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Zürich", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
        var infer = _gateway.Stream.Of<DecisionEvent>().Single(static d => d.Decision.Action == "infer");
        Assert.Equal("upstream_failed", (await _gateway.Stream.OutcomeAsync(infer.Id.ToString())).Result);
    }

    [Fact]
    public async Task Answer_ThatIsTooLongToBeHeld_IsNotReleased()
    {
        await using var gateway = await StartAsync(("Proofgate:Recogniser:MaxHeldBytes", "1024"));
        _answer = static prompt => prompt + new string('x', 2000);
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Chat(stream: true));
        Assert.Contains("upstream_failed", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenFailure_LetsTextPass_AndSaysSoLoudly()
    {
        await using var gateway = await StartAsync(("Proofgate:Recogniser:Fail", "open"));
        _analyzer.Fault = FaultOf("error");
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Chat());
        Assert.Equal(200, answer.Status);
        Assert.Contains("Ada Lovelace", _sent, StringComparison.Ordinal);
        Assert.Contains("Ada Lovelace", Said(answer.Body), StringComparison.Ordinal);
        Assert.Contains(gateway.Log.Lines, static l => l.Contains("TEXT PASSED UNRECOGNISED", StringComparison.Ordinal));
        Assert.Contains(gateway.Log.Lines, static l => l.Contains("FAIL IS 'open'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Findings_ThatOverlap_AreHiddenTogether_AndWeakOnesCountForNothing()
    {
        _analyzer.Fault = http =>
        {
            var text = _analyzer.Texts[^1];
            var at = text.Contains(Prompt[..15], StringComparison.Ordinal) ? text[..text.IndexOf("Ada", StringComparison.Ordinal)].EnumerateRunes().Count() : 0;
            return AnalyzerServer.Says(at == 0 ? "[]" : $$"""
                [{"entity_type":"PERSON","start":{{at}},"end":{{at + 12}},"score":0.9},{"entity_type":"LOCATION","start":{{at + 4}},"end":{{at + 22}},"score":0.9},
                 {"entity_type":"PERSON","start":{{at + 23}},"end":{{at + 28}},"score":0.1},{"entity_type":"UNASKED","start":0,"end":1,"score":1}]
                """)(http);
        };
        Assert.Equal(200, (await _gateway.ChatAsync(await _gateway.DeveloperAsync(), Chat())).Status);
        Assert.Matches(@"\[PERSON_NAME_1_\w{8}\] wrote", _sent);
    }

    private static Func<HttpContext, Task> FaultOf(string fault) => fault switch
    {
        "dies" => static async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("[");
            await http.Response.Body.FlushAsync();
            http.Abort();
        }
        ,
        "slow" => static http => Task.Delay(Timeout.Infinite, http.RequestAborted),
        "garbage" => AnalyzerServer.Says("<html>"),
        "not a list" => AnalyzerServer.Says("""{"error":"model not found"}"""),
        "beyond" => AnalyzerServer.Says("""[{"entity_type":"PERSON","start":0,"end":100000,"score":0.9}]"""),
        "backwards" => AnalyzerServer.Says("""[{"entity_type":"PERSON","start":5,"end":5,"score":0.9}]"""),
        "negative" => AnalyzerServer.Says("""[{"entity_type":"PERSON","start":-1,"end":5,"score":0.9}]"""),
        "no number" => AnalyzerServer.Says("""[{"entity_type":"PERSON","start":"0","end":5,"score":0.9}]"""),
        "error" => AnalyzerServer.Says("[]", 500),
        "large" => AnalyzerServer.Says("[" + new string(' ', 10 * 1024 * 1024) + "]"),
        _ => AnalyzerServer.Says("[]"),
    };

    private static string Chat(bool stream = false) => new JsonObject
    {
        ["model"] = "assistant",
        ["stream"] = stream,
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Prompt }),
    }.ToJsonString();

    /// <summary>The sample bundle with a recogniser, whose places everybody sees.</summary>
    [Fact]
    public async Task ValueOfAColumn_ThatMayNotGoThere_IsNotShown_AndNamesInRowsAreFound()
    {
        var database = _folder.Of("rows.db");
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = File.ReadAllText(RepositoryRoot.Of("infra", "policy", "sample.sql")) + "UPDATE customers SET name = 'Ada Lovelace', account = 'number seven' WHERE id = 1;";
            command.ExecuteNonQuery();
        }

        _answer = static _ => "ok";
        await using var gateway = await StartAsync(("Proofgate:DataSources:sample:Address", database));
        var answer = await gateway.ChatAsync(
            await gateway.KeyAsync("analyst", clearance: 3),
            """{"model":"regional-assistant","proofgate":{"datasets":[{"name":"customers","query":{"select":["name","account"],"limit":1}}]},"messages":[{"role":"user","content":"hi"}]}""");
        Assert.True(answer.Status == 200, answer.Body);
        Assert.Contains(_analyzer.Texts, static t => t.Contains("\"account\":\"************\"", StringComparison.Ordinal));
        Assert.All(_analyzer.Texts, static t => Assert.DoesNotContain("seven", t, StringComparison.Ordinal));
        Assert.Matches(@"name\\"":\\""\[PERSON_NAME_1_\w{8}\]\\"",\\""account\\"":\\""\[IBAN_2_\w{8}\]", _sent);
    }

    private async Task<TestGateway> StartAsync(params (string Key, string? Value)[] settings) => await StartAsync(string.Empty, settings);

    private async Task<TestGateway> StartAsync(string policy, params (string Key, string? Value)[] settings)
    {
        var folder = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "infra", "policy", "sample"), "*", SearchOption.TopDirectoryOnly))
        {
            Directory.CreateDirectory(folder);
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var manifest = Path.Combine(folder, "bundle.json");
        const string recogniser = """
            "recognisers": {
              "presidio": {
                "provider": "presidio", "region": "local", "external": false, "maxLabel": "restricted", "language": "en", "threshold": 0.4,
                "entities": { "PERSON": "PERSON_NAME", "LOCATION": "PLACE" }, "prompts": true, "answers": true
              }
            },
            "kinds": {
              "PERSON_NAME": { "label": "restricted" },
            """;
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"kinds\": {", recogniser, StringComparison.Ordinal));
        File.WriteAllText(
            Path.Combine(folder, "more.cedar"),
            """@id("places") permit (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"PLACE");""" + policy);
        var gateway = await TestGateway.StartAsync(
        [
            ("Proofgate:Policy:Folder", folder), ("Proofgate:Recogniser:Endpoint", _analyzer.Address.ToString()), ("Proofgate:Recogniser:Timeout", "00:00:00.300"), .. settings,
        ]);
        gateway.Upstream.Answer = EchoAsync;
        return gateway;
    }

    private Task<UpstreamAnswer> EchoAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        call.Call.Sent.WriteUpstream(output, "up");
        _sent = Encoding.UTF8.GetString(output.WrittenSpan);
        var body = JsonNode.Parse(_sent)!;
        var prompt = (string)(body["messages"]?[0]?["content"] ?? body["input"])!;
        var (plain, streamed) = ScriptedUpstream.AnswersTo(call.Call.Speech);
        var answer = (call.Call.Stream ? streamed : plain).Replace("Hello.", _answer(prompt), StringComparison.Ordinal);
        return Task.FromResult(ScriptedUpstream.Of(200, answer, call.Call.Stream ? "text/event-stream" : "application/json", byteByByte: true));
    }

    private static string Said(string body) => body[0] == '{'
        ? (string)(JsonNode.Parse(body)!["choices"]?[0]?["message"]?["content"] ?? JsonNode.Parse(body)!["output"]?[0]?["content"]?[0]?["text"] ?? JsonNode.Parse(body)!["content"]![0]!["text"])!
        : string.Concat(body.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(static l =>
            (JsonNode.Parse(l[6..])!["choices"]?[0]?["delta"]?["content"] ?? (JsonNode.Parse(l[6..])!["delta"] is JsonObject delta ? delta["text"] : JsonNode.Parse(l[6..])!["delta"]))?.ToString()));
}
