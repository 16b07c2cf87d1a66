using Proofgate.Audit.Events;

namespace Proofgate.Http.Tests.Grounds;

/// <summary>One question, asked by callers of different rights: what each of them is answered, what the model was given for it, and what the ledger says of why.</summary>
public sealed class GroundedAnswerTests
{
    private const string Asked = """ "proofgate":{"datasets":[{"name":"customers","query":{"select":["name","region","email"]}}]} """;

    private static readonly string[] Everywhere = ["Ada Nowak", "Bruno Costa", "Carla Diaz", "Deniz Kaya", "Elin Berg", "Goran Ilic"];
    private static readonly string[] InTheRegion = ["Ada Nowak", "Bruno Costa", "Elin Berg", "Goran Ilic"];

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"assistant",EXT,"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Who?"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"assistant",EXT,"stream":true,"messages":[{"role":"user","content":"Who?"}]}""")]
    [InlineData("/v1/responses", """{"model":"assistant",EXT,"input":"Who?"}""")]
    [InlineData("/v1/responses", """{"model":"assistant",EXT,"stream":true,"input":[{"role":"user","content":"Who?"}]}""")]
    [InlineData("/v1/messages", """{"model":"claude",EXT,"max_tokens":16,"messages":[{"role":"user","content":"Who?"}]}""")]
    [InlineData("/v1/messages", """{"model":"claude",EXT,"max_tokens":16,"stream":true,"messages":[{"role":"user","content":"Who?"}]}""")]
    public async Task OneQuestion_HasTheAnswerOfWhoAsksIt(string path, string body)
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var outside = path == "/v1/messages";
        body = body.Replace("EXT", Asked, StringComparison.Ordinal);

        var analyst = await grounded.Gateway.PostAsync(path, body, await grounded.AnalystAsync());
        Assert.Equal((200, "internal"), (analyst.Status, analyst["Proofgate-Label"]));
        Assert.Equal(Everywhere, grounded.Passages.Single()["rows"]!.AsArray().Select(static r => (string)r!["name"]!));
        // The model outside gets placeholders; neither brings the analyst an address.
        Assert.Equal(outside, !grounded.Sent.Contains("ada.nowak@example.com", StringComparison.Ordinal));
        Assert.DoesNotContain("proofgate\"", grounded.Sent, StringComparison.Ordinal);
        var said = GroundedGateway.Said(analyst.Body);
        Assert.All(Everywhere, n => Assert.Contains(n, said, StringComparison.Ordinal));
        Assert.DoesNotContain("@example", said, StringComparison.Ordinal);
        Assert.Contains(outside ? "[EMAIL_ADDRESS]" : "[WITHHELD]", said, StringComparison.Ordinal);

        var support = await grounded.Gateway.PostAsync(path, body, await grounded.SupportAsync());
        Assert.Equal((200, "internal"), (support.Status, support["Proofgate-Label"]));
        Assert.Equal(InTheRegion, grounded.Passages.Single()["rows"]!.AsArray().Select(static r => (string)r!["name"]!));
        Assert.Equal(outside, !grounded.Sent.Contains("ada.nowak@example.com", StringComparison.Ordinal));
        said = GroundedGateway.Said(support.Body);
        Assert.Contains("ada.nowak@example.com", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Carla", said, StringComparison.Ordinal);
        Assert.All(grounded.Gateway.Log.Lines, static l => Assert.DoesNotContain("Nowak", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ledger_SaysWhatTheAnswerStandsOn()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var answer = await grounded.AskAsync(await grounded.SupportAsync(), """{"select":["name"],"where":{"op":"ne","column":"name","value":"x"}}""");
        var outcome = await grounded.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);

        var decisions = grounded.Gateway.Stream.Of<DecisionEvent>();
        var (query, infer) = (decisions[0], decisions[1]);
        Assert.Equal(("query", "infer"), (query.Decision.Action, infer.Decision.Action));
        Assert.Equal((infer.Id, null), (query.CorrelationId!.Value, infer.CorrelationId));
        Assert.Equal([query.Id.ToString()], infer.Decision.Grounds);
        Assert.Equal(["customers"], infer.Decision.Datasets);
        Assert.Equal(query.Decision.Residuals, infer.Decision.Residuals);
        Assert.Contains(query.Decision.Questions, static q => q is { Action: "readRow", Allowed: true } && q.Policies.Contains("support-reads-customers-of-the-region"));
        var read = await grounded.Gateway.Stream.OutcomeAsync(query.Id.ToString());
        Assert.Equal(("completed", "customers", 4L, 64), (read.Result, read.Target, read.Rows, read.AnswerDigest!.Length));
        Assert.Equal(("completed", "sample"), (outcome.Result, outcome.Target));
    }

    [Fact]
    public async Task Query_ThatIsLeftOut_AsksForEveryColumnThatTheCallerMayRead()
    {
        await using var grounded = await GroundedGateway.StartAsync("UPDATE customers SET notes = NULL;");
        await grounded.Gateway.ChatAsync(await grounded.AnalystAsync(1), GroundedGateway.BodyOf("""[{"name":"customers"}]"""));
        // vip is confidential, account restricted.
        Assert.Equal(
            ["id", "tenant", "region", "name", "since", "email", "phone", "notes"],
            grounded.Passages.Single()["rows"]![0]!.AsObject().Select(static m => m.Key));
        Assert.True((bool)grounded.Passages.Single()["complete"]!);

        await grounded.AskAsync(await grounded.SupportAsync(), """{"where":{"op":"eq","column":"region","value":"us"}}""");
        Assert.Empty(grounded.Passages.Single()["rows"]!.AsArray());
    }

    [Fact]
    public async Task Datasets_AreSeveral_InTheirOrder_AndTheLabelIsTheHighest()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var answer = await grounded.Gateway.ChatAsync(await grounded.AnalystAsync(), GroundedGateway.BodyOf(
            """[{"name":"customers","query":{"select":["name"],"limit":1}},{"name":"invoices","query":{"select":["cents"]}}]"""));
        Assert.Equal((200, "confidential"), (answer.Status, answer["Proofgate-Label"]));
        Assert.Equal(["customers", "invoices"], grounded.Passages.Select(static p => (string?)p["dataset"]));
        Assert.Equal([false, true], grounded.Passages.Select(static p => (bool)p["complete"]!));
        Assert.Equal(2, grounded.Gateway.Stream.Of<DecisionEvent>()[^1].Decision.Grounds.Count);
    }

    [Fact]
    public async Task Model_ThatMayNotHaveTheLabel_IsRefused_AndAnotherTargetIsUsedWhereThereIsOne()
    {
        await using var grounded = await GroundedGateway.StartAsync(settings:
        [
            ("Proofgate:Upstreams:openai:Endpoint", "http://127.0.0.1:9/"), ("Proofgate:Upstreams:openai:Secret", "of-the-provider"), ("Proofgate:Upstreams:openai:Hosts:0", "127.0.0.1"),
        ]);
        var key = await grounded.AnalystAsync(3);
        Assert.Equal(200, (await grounded.AskAsync(key, """{"select":["name"]}""")).Status);
        Assert.Equal("openai", grounded.Gateway.Upstream.Last!.Call.Target.Upstream.Name);

        // Confidential data stays in the region: the rows are read once, and go to the model that is there.
        var before = grounded.Gateway.Stream.Of<DecisionEvent>().Count;
        Assert.Equal(200, (await grounded.AskAsync(key, """{"select":["name","vip"]}""")).Status);
        Assert.Equal("sample", grounded.Gateway.Upstream.Last!.Call.Target.Upstream.Name);
        Assert.Equal(["query", "infer"], grounded.Gateway.Stream.Of<DecisionEvent>().Skip(before).Select(static d => d.Decision.Action));

        // Restricted data is above all that this model may have.
        var refused = await grounded.AskAsync(key, """{"select":["account"]}""");
        Assert.Equal((403, "policy_denied"), (refused.Status, refused.Code));
        Assert.Contains("may not receive", refused.Body, StringComparison.Ordinal);
        Assert.Equal(2, grounded.Gateway.Upstream.Asked);

        // And may go to one that may: the accounts themselves as placeholders, because nobody permits them to go.
        var regional = await grounded.Gateway.ChatAsync(key, GroundedGateway.BodyOf("""[{"name":"customers","query":{"select":["name","account"]}}]""", "regional-assistant"));
        Assert.Equal((200, "restricted"), (regional.Status, regional["Proofgate-Label"]));
        Assert.Matches(@"\[IBAN_1_\w{8}\]", (string)grounded.Passages.Single()["rows"]![0]!["account"]!);
        Assert.DoesNotContain("DE89", regional.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeclaredLabelAndPurpose_AreThoseOfEachQueryToo()
    {
        await using var grounded = await GroundedGateway.StartAsync(policy:
            """forbid (principal, action == Proofgate::Action::"query", resource) unless { context has declaredPurpose && context.declaredPurpose == "support" && context.label >= 1 };""");
        var key = await grounded.SupportAsync();
        Assert.Equal((403, "policy_denied"), await StatusAsync(("Proofgate-Purpose", "marketing"), ("Proofgate-Label", "internal")));
        Assert.Equal((403, "policy_denied"), await StatusAsync(("Proofgate-Purpose", "support"), ("Proofgate-Label", "public")));
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
        Assert.Equal(200, (await grounded.AskAsync(key, """{"select":["region"]}""", ("Proofgate-Purpose", "support"), ("Proofgate-Label", "internal"))).Status);

        async Task<(int, string?)> StatusAsync(params (string, string)[] headers) =>
            await grounded.AskAsync(key, """{"select":["region"]}""", headers) is var answer ? (answer.Status, answer.Code) : default;
    }

    [Fact]
    public async Task EachDataset_CountsAsARequest_AndTakesNoPlaceOfItsOwn()
    {
        await using var grounded = await GroundedGateway.StartAsync(settings:
        [
            ("Proofgate:Admission:ConcurrentPerKey", "1"), ("Proofgate:Admission:Concurrent", "1"), ("Proofgate:Admission:RequestsPerMinute", "5"),
        ]);
        var key = await grounded.SupportAsync();
        const string two = """[{"name":"customers","query":{"select":["region"]}},{"name":"customers","query":{"select":["id"]}}]""";
        Assert.Equal(200, (await grounded.Gateway.ChatAsync(key, GroundedGateway.BodyOf(two))).Status);
        var last = await grounded.Gateway.ChatAsync(key, GroundedGateway.BodyOf(two));
        Assert.Equal((429, "rate_limit_exceeded"), (last.Status, last.Code));
        Assert.NotNull(last["Retry-After"]);
        Assert.Equal(1, grounded.Gateway.Upstream.Asked);
    }

    [Fact]
    public async Task Rows_CountAgainstTheBudget()
    {
        await using var grounded = await GroundedGateway.StartAsync(settings: ("Proofgate:Admission:TokensPerDay", "2000"));
        var key = await grounded.AnalystAsync();
        // The question alone takes half of it, with the room for an answer; the rows take more than the rest.
        var rows = await grounded.Gateway.ChatAsync(key, GroundedGateway.BodyOf($"[{string.Join(',', Enumerable.Repeat("""{"name":"customers","query":{"select":["id","tenant","region","name","since","email","phone"]}}""", 4))}]"));
        Assert.Equal((429, "token_budget_exceeded", 0), (rows.Status, rows.Code, grounded.Gateway.Upstream.Asked));
        // What was reserved for nothing is given back.
        Assert.Equal(200, (await grounded.AskAsync(key, """{"select":["id"],"limit":1}""")).Status);
    }
}
