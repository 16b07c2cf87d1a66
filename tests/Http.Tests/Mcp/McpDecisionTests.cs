using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit.Events;
using Proofgate.Enforcement.Replay;
using Proofgate.Enforcement.Tools;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>Each call of a tool is decided on its name and its arguments, recorded before it runs, and its answer is redacted.</summary>
public sealed class McpDecisionTests
{
    private const string Card = "4111 1111 1111 1111";

    [Fact]
    public async Task Call_IsDecidedAndRecorded_BeforeItRuns_AndItsOutcomeAfter()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.CallToolAsync(await gateway.KeyAsync("analyst"), "datasets__echo", """{"text":"hi"}""");

        Assert.Equal((200, "hi", "public"), (answer.Status, answer.TextOf(), answer["Proofgate-Label"]));
        Assert.Equal("hi", (string?)answer.Json["result"]!["structuredContent"]!["text"]);
        var decision = Assert.Single(gateway.Stream.Of<DecisionEvent>());
        Assert.Equal(("useTool", "Proofgate::Tool::\"datasets__echo\"", true), (decision.Decision.Action, decision.Decision.Resource, decision.Decision.Allowed));
        Assert.Equal("mcp", decision.Request.Dialect);
        var outcome = await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Equal(("completed", 200, "datasets"), (outcome.Result, outcome.Status, outcome.Target));
        Assert.NotNull(outcome.AnswerDigest);
    }

    [Fact]
    public async Task Call_DoesNotRun_WhenItsDecisionIsNotRecorded_OrPolicyDenies()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var denied = await gateway.CallToolAsync(key, "vault__open");
        Assert.Equal((403, "policy_denied", -32000, 1), (denied.Status, denied.Code, denied.RpcCode(), (int)denied.Json["id"]!));
        // It would send a client's user to sign in again, for a scope that there is not.
        Assert.Null(denied["WWW-Authenticate"]);
        Assert.Equal(403, (await gateway.CallToolAsync(key, "datasets__labelled")).Status);

        gateway.Stream.Down = static _ => true;
        var down = await gateway.CallToolAsync(key, "datasets__echo", """{"text":"hi"}""");
        Assert.Equal((503, "audit_unavailable"), (down.Status, down.Code));
        Assert.Empty(gateway.Tools.Ran);
    }

    [Fact]
    public async Task Key_ThatIsForModelsOnly_HasNoTools()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst", limits: new KeyLimits { Actions = new HashSet<string> { "infer" } });
        Assert.Equal(403, (await gateway.CallToolAsync(key, "datasets__echo", """{"text":"hi"}""")).Status);
        Assert.Empty((await gateway.RpcAsync(key, "tools/list")).Json["result"]!["tools"]!.AsArray());
    }

    [Theory]
    [InlineData("my card is 4111 1111 1111 1111")]
    [InlineData("{\\\"card\\\":\\\"\\\\u0034111 1111 1111 1111\\\"}")]
    public async Task Arguments_WithKindsThatMayNotBeDisclosed_DoNotReachTheTool(string text)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.CallToolAsync(await gateway.KeyAsync("analyst"), "datasets__echo", $$"""{"text":"{{text}}"}""");
        Assert.Equal((422, "prompt_contains_sensitive_data"), (answer.Status, answer.Code));
        Assert.Contains("to this tool", (string?)answer.Json["error"]!["message"], StringComparison.Ordinal);
        Assert.Empty(gateway.Tools.Ran);
    }

    [Fact]
    public async Task Answer_IsRedacted_WhereverItHidesAValue_AndRaisesTheLabelByWhatIsShown()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Tools.Told = new ToolAnswer
        {
            Texts = [$"card {Card}", """{"card":"\u0034111 1111 1111 1111","n":1}""", """see ```{"card":"\u0034111 1111 1111 1111"}``` there"""],
            Structured = JsonDocument.Parse("""{"4111 1111 1111 1111":[{"n":4111111111111111},true,null,1.50]}""").RootElement,
        };
        var answer = await gateway.CallToolAsync(await gateway.KeyAsync("analyst"), "datasets__tell");

        var content = answer.Json["result"]!["content"]!.AsArray();
        Assert.Equal("card [PAYMENT_CARD]", (string?)content[0]!["text"]);
        Assert.Equal("""{"card":"[PAYMENT_CARD]","n":1}""", (string?)content[1]!["text"]);
        Assert.DoesNotContain("111 1111", (string?)content[2]!["text"], StringComparison.Ordinal);
        Assert.Equal("""{"[PAYMENT_CARD]":[{"n":"[PAYMENT_CARD]"},true,null,1.50]}""", answer.Json["result"]!["structuredContent"]!.ToJsonString());
        Assert.Equal(5, Assert.Single((await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Redactions, static r => r.Key == "PAYMENT_CARD").Value);
        Assert.Equal("public", answer["Proofgate-Label"]);

        // Support may see addresses; what is seen counts.
        using var bundle = new TestBundle("""permit (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"EMAIL_ADDRESS");""");
        await using var open = await TestGateway.StartAsync(bundle.Setting);
        open.Tools.Told = new ToolAnswer { Texts = [$"ada@example.com has {Card}"] };
        var shown = await open.CallToolAsync(await open.KeyAsync("analyst"), "datasets__tell");
        Assert.Equal(("ada@example.com has [PAYMENT_CARD]", "internal"), (shown.TextOf(), shown["Proofgate-Label"]));
    }

    [Fact]
    public async Task Answer_ThatIsTooLong_OrToolsThatFail_AreToldTruthfully()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Mcp:MaxAnswerLength", "1024"), ("Proofgate:Mcp:CallTimeout", "00:00:00.3"));
        var key = await gateway.KeyAsync("analyst");
        gateway.Tools.Told = new ToolAnswer { Texts = [new string('x', 1025)] };
        Assert.Equal((502, "upstream_unavailable"), await StatusAsync(gateway, key, "datasets__tell"));
        Assert.Equal((502, "upstream_unavailable"), await StatusAsync(gateway, key, "datasets__broken"));
        // The one stops when it is told to, the other does not listen.
        Assert.Equal((504, "upstream_timeout"), await StatusAsync(gateway, key, "datasets__wait"));
        Assert.Equal((504, "upstream_timeout"), await StatusAsync(gateway, key, "datasets__hang"));
        var failed = await gateway.CallToolAsync(key, "test_error_handling");
        Assert.True(failed.SaysItFailed());
        Assert.Equal("This tool intentionally returns an error for testing", failed.TextOf());
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Call_EndsWithoutItsAnswer_WhenTheCallerIsRevoked()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var calling = gateway.CallToolAsync(key, "datasets__wait");
        await gateway.Tools.Waiting.Task;
        Assert.True(KeyId.TryParse(key.Split('_')[2].AsSpan(0, 8), out var kid));
        await gateway.PostAsync($"/manage/keys/{kid}/revoke", string.Empty, await gateway.AdministratorAsync());
        var answer = await calling;
        Assert.Equal(401, answer.Status);
        Assert.Equal("revoked", (await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
        await gateway.Tools.Stopped.Task;
    }

    [Fact]
    public async Task Client_ThatLeaves_StopsTheTool()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var leaving = new CancellationTokenSource();
        var request = TestGateway.Post("/mcp", Samples.ToolCall.Replace("datasets__echo", "datasets__wait", StringComparison.Ordinal).Replace("\"text\":\"hi\"", "", StringComparison.Ordinal));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await gateway.KeyAsync("analyst")}");
        var calling = gateway.Client.SendAsync(request, leaving.Token);
        await gateway.Tools.Waiting.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await gateway.Tools.Stopped.Task;
        Assert.Equal("client_aborted", (await gateway.Stream.OutcomeAsync()).Result);
    }

    [Fact]
    public async Task Policy_DecidesOnArguments_ThatTheSchemaNames()
    {
        using var bundle = new TestBundle(
            """
            @reason("Refunds over 100 need a person.")
            forbid (principal, action == Proofgate::Action::"useTool", resource == Proofgate::Tool::"datasets__refund")
            when { context has arguments && context.arguments has amount && context.arguments.amount.greaterThan(decimal("100.0")) };
            """,
            "amount?: __cedar::decimal");
        await using var gateway = await TestGateway.StartAsync(bundle.Setting);
        var key = await gateway.KeyAsync("analyst");

        Assert.Equal(200, (await gateway.CallToolAsync(key, "datasets__refund", """{"amount":100}""")).Status);
        var denied = await gateway.CallToolAsync(key, "datasets__refund", """{"amount":100.5,"note":"please"}""");
        Assert.Equal((403, "Refunds over 100 need a person."), (denied.Status, (string?)denied.Json["error"]!["message"]));
        Assert.Single(gateway.Tools.Ran);
        Assert.Contains("datasets__refund", (await gateway.RpcAsync(key, "tools/list")).Body, StringComparison.Ordinal);

        // What policy looks at is in the sealed part of the record, and what it does not look at is nowhere.
        var refusal = Assert.Single(gateway.Stream.Of<RefusalEvent>());
        var record = System.Text.Encoding.UTF8.GetString(refusal.Personal!.Json.Span);
        Assert.Contains("100.5", record, StringComparison.Ordinal);
        Assert.DoesNotContain("please", record, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"amount":1e300}""", "'amount' must be a decimal here")]
    [InlineData("""{"amount":100.00001}""", "'amount' must be a decimal here")]
    [InlineData("""{"amount":1e2}""", "'amount' must be a decimal here")]
    [InlineData("""{"amount":"7"}""", "'amount' must be a number.")]
    [InlineData("""{"amount":null}""", "'amount' must be a number.")]
    [InlineData("""{"Amount":7}""", "'Amount' is spelt 'amount'.")]
    [InlineData("""{"amount":1,"Amount":700}""", "'Amount' is spelt 'amount'.")]
    [InlineData("""{"amount":1,"__proto__":{"amount":700}}""", "'__proto__' is not taken")]
    [InlineData("""{"amount":1,"constructor":{"prototype":{}}}""", "'constructor' is not taken")]
    [InlineData("""{"amount":1,"extra":{"__proto__":{}}}""", "'extra' is not taken")]
    [InlineData("""{"amount":1,"total":2}""", "'total' is no argument of this tool. It takes amount, note.")]
    [InlineData("""{"amount":1,"note":"123456789012345678901"}""", "'note' must have at most 20 characters.")]
    [InlineData("{}", "'amount' is missing.")]
    public async Task Arguments_ThatPolicyOrTheToolCouldTakeForOthers_AreToldToTheModel_AndDoNotReachTheTool(string arguments, string told)
    {
        using var bundle = new TestBundle(string.Empty, "amount?: __cedar::decimal");
        await using var gateway = await TestGateway.StartAsync(bundle.Setting);
        var answer = await gateway.CallToolAsync(await gateway.KeyAsync("analyst"), "datasets__refund", arguments);
        Assert.True(answer.SaysItFailed(), answer.Body);
        Assert.Contains($"Nothing was done. {told}", answer.TextOf(), StringComparison.Ordinal);
        Assert.Empty(gateway.Tools.Ran);
        Assert.Single(gateway.Stream.Of<DecisionEvent>());

        // To who may not use it the tool has no form.
        var other = await gateway.CallToolAsync(await gateway.KeyAsync("nobody"), "datasets__refund", arguments);
        Assert.Equal((200, -32602), (other.Status, other.RpcCode()));
        Assert.DoesNotContain("amount", other.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decisions_CanBeMadeAgain_FromWhatWasRecorded()
    {
        using var bundle = new TestBundle(
            """
            forbid (principal, action == Proofgate::Action::"useTool", resource == Proofgate::Tool::"datasets__refund")
            when { context has arguments && context.arguments has amount && context.arguments.amount > 100 };
            """,
            "amount?: Long");
        await using var gateway = await TestGateway.StartAsync(bundle.Setting);
        var key = await gateway.KeyAsync("analyst", limits: new KeyLimits { Actions = new HashSet<string> { "useTool" } });
        await gateway.RpcAsync(key, "tools/list");
        await gateway.RpcAsync(key, "ping");
        await gateway.CallToolAsync(key, "datasets__refund", """{"amount":100}""");
        await gateway.CallToolAsync(key, "datasets__refund", """{"amount":101}""");
        await gateway.CallToolAsync(key, "datasets__echo", """{"text":"4111 1111 1111 1111"}""");
        await gateway.CallToolAsync(key, "datasets__echo", "{}");

        Assert.All(gateway.Stream.Of<DecisionEvent>(), static e => Assert.True(e.Decision.Allowed));
        var recorded = gateway.Stream.Of<DecisionEvent>().Select(static e => (e.Decision, e.Personal!.Json))
            .Concat(gateway.Stream.Of<RefusalEvent>().Select(static e => (Decision: e.Decision!, e.Personal!.Json))).ToList();
        Assert.Equal(6, recorded.Count);
        Assert.True(gateway.Services.GetRequiredService<IBundleSource>().TryGet(out var active));
        Assert.All(recorded, r =>
        {
            Assert.True(RecordedDecision.TryRead(r.Decision, r.Json, out var decision));
            Assert.Empty(decision.DifferencesFrom(active));
        });
    }

    private static async Task<(int, string?)> StatusAsync(TestGateway gateway, string key, string tool)
    {
        var answer = await gateway.CallToolAsync(key, tool);
        return (answer.Status, answer.Code);
    }
}
