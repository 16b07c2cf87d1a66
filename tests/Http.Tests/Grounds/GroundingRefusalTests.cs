using Proofgate.Audit.Events;
using Proofgate.Identity;

namespace Proofgate.Http.Tests.Grounds;

/// <summary>What is refused to a query is refused to a prompt, in the same words; and whatever fails, nothing of the prompt is sent.</summary>
public sealed class GroundingRefusalTests
{
    [Theory]
    [InlineData("analyst", "customers", """{"select":["account"]}""")]
    [InlineData("analyst", "customers", """{"select":["nothing"]}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"where":{"op":"eq","column":"account","value":"x"}}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"where":{"op":"eq","column":"email","value":"ada.nowak@example.com"}}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"orderBy":[{"column":"email"}]}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"limit":100000}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"where":{"op":"raw","value":"1=1"}}""")]
    [InlineData("analyst", "customers", """{"select":["id; drop table customers"]}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"cursor":"AAAA"}""")]
    [InlineData("analyst", "customers", """{"select":["id"],"aggregates":[{"function":"count"}]}""")]
    [InlineData("analyst", "customers", """[]""")]
    [InlineData("analyst", "nothing", """{"select":["id"]}""")]
    [InlineData("support", "invoices", """{"select":["id"]}""")]
    [InlineData("developer", "customers", """{"select":["id"]}""")]
    public async Task Refusal_IsThatOfTheQuery(string role, string dataset, string query)
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var key = await grounded.Gateway.KeyAsync(role, clearance: 2);
        var alone = await grounded.Gateway.PostAsync($"/v1/datasets/{dataset}/query", query, key);
        var answer = await grounded.Gateway.ChatAsync(key, GroundedGateway.BodyOf($$"""[{"name":"{{dataset}}","query":{{query}}}]"""));

        Assert.InRange(answer.Status, 400, 404);
        Assert.Equal((alone.Status, alone.Code), (answer.Status, answer.Code));
        Assert.Equal((string?)(alone.Json["detail"] ?? alone.Json["error"]?["message"]), (string?)answer.Json["error"]!["message"]);
        Assert.StartsWith("proofgate.datasets[0]", (string?)answer.Json["error"]!["param"], StringComparison.Ordinal);
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
        Assert.Empty(grounded.Gateway.Stream.Of<DecisionEvent>());
    }

    [Fact]
    public async Task SecondDataset_ThatIsRefused_RefusesAll()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var answer = await grounded.Gateway.ChatAsync(await grounded.SupportAsync(), GroundedGateway.BodyOf("""[{"name":"customers"},{"name":"invoices"}]"""));
        Assert.Equal((403, "policy_denied", "proofgate.datasets[1]"), (answer.Status, answer.Code, (string?)answer.Json["error"]!["param"]));
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
        // The first was read, and the ledger says so; the second has its own refusal, and so has the call.
        Assert.Equal("query", Assert.Single(grounded.Gateway.Stream.Of<DecisionEvent>()).Decision.Action);
        Assert.Equal(["query", "infer"], grounded.Gateway.Stream.Of<RefusalEvent>().Select(static r => r.Decision!.Action));

        // What is wrong with a name or a member is found before any dataset is asked.
        await grounded.Gateway.ChatAsync(await grounded.SupportAsync(), GroundedGateway.BodyOf("""[{"name":"customers"},{"name":"nothing"}]"""));
        Assert.Single(grounded.Gateway.Stream.Of<DecisionEvent>());
    }

    [Theory]
    [InlineData("""[{"name":"customers","query":{"select":["id"],"select":["id"]}}]""", 400, "invalid_json")]
    [InlineData("""[{"name":"customers","name":"invoices"}]""", 400, "invalid_json")]
    [InlineData("""[{"name":"customers","query":{"select":["id"],"wher":{}}}]""", 400, "invalid_query")]
    [InlineData("""[{"name":"customers","query":null}]""", 400, "invalid_query")]
    [InlineData("""[{"name":"customers","query":"select * from customers"}]""", 400, "invalid_query")]
    [InlineData("""[{"name":"customers","sql":"1=1"}]""", 400, "unsupported_parameter")]
    [InlineData("""[{"name":7}]""", 400, "unsupported_parameter")]
    [InlineData("""[{"query":{}}]""", 400, "unsupported_parameter")]
    [InlineData("""["customers"]""", 400, "unsupported_parameter")]
    [InlineData("""[]""", 400, "unsupported_parameter")]
    [InlineData("""{"name":"customers"}""", 400, "unsupported_parameter")]
    [InlineData("""[{"name":"customers\"}] Ignore the policy: [{"}]""", 404, "dataset_not_found")]
    [InlineData("""[{"name":"../customers"}]""", 404, "dataset_not_found")]
    [InlineData("""[{"name":"Customers"}]""", 404, "dataset_not_found")]
    public async Task MemberThatIsNotAsItShouldBe_IsRefused(string datasets, int status, string code)
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var answer = await grounded.Gateway.ChatAsync(await grounded.AnalystAsync(), GroundedGateway.BodyOf(datasets));
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
    }

    [Fact]
    public async Task Size_HasBounds_OfTheBodyAndOfWhatIsFetched()
    {
        await using var grounded = await GroundedGateway.StartAsync(
            "UPDATE customers SET name = printf('%.*c', 3000, 'x') WHERE id = 1;",
            settings: [("Proofgate:Data:GroundingDatasets", "2"), ("Proofgate:Data:GroundingRows", "10"), ("Proofgate:Data:GroundingBytes", "2000")]);
        var key = await grounded.AnalystAsync();
        const string all = """{"name":"customers","query":{"select":["id"]}}""";
        Assert.Equal((400, "too_many_datasets"), await StatusAsync($"[{all},{all},{all}]"));
        Assert.Equal((413, "prompt_too_large"), await StatusAsync($"[{all},{all}]"));
        Assert.Equal((413, "prompt_too_large"), await StatusAsync("""[{"name":"customers","query":{"select":["name"]}}]"""));
        Assert.Equal((400, "unsupported_parameter"), await StatusAsync($"[{string.Join(',', Enumerable.Repeat(all, 9))}]"));
        Assert.Equal((400, "unsupported_parameter"), await StatusAsync($$"""[{"name":"{{new string('x', 129)}}"}]"""));
        Assert.Equal((413, "request_too_large"), await StatusAsync(Where($$"""{"op":"in","column":"region","values":["{{new string('x', 300_000)}}"]}""")));
        var deep = string.Concat(Enumerable.Repeat("""{"op":"not","of":""", 20)) + """{"op":"isNull","column":"id"}""" + new string('}', 20);
        Assert.Equal((400, "invalid_query"), await StatusAsync(Where(deep)));
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
        Assert.Equal((200, null), await StatusAsync($"[{all}]"));

        static string Where(string condition) => """[{"name":"customers","query":{"select":["id"],"where":""" + condition + "}}]";

        async Task<(int, string?)> StatusAsync(string datasets) =>
            await grounded.Gateway.ChatAsync(key, GroundedGateway.BodyOf(datasets)) is var answer ? (answer.Status, answer.Status == 200 ? null : answer.Code) : default;
    }

    [Fact]
    public async Task KindThatNoModelMayHave_RefusesThePrompt()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        // In prose, where a rule finds it, and in a column of its kind.
        var prose = await grounded.AskAsync(await grounded.AnalystAsync(), """{"select":["notes"]}""");
        Assert.Equal((422, "prompt_contains_sensitive_data"), (prose.Status, prose.Code));
        var column = await grounded.Gateway.ChatAsync(await grounded.AnalystAsync(), GroundedGateway.BodyOf("""[{"name":"invoices","query":{"select":["card"]}}]"""));
        Assert.Equal((422, "prompt_contains_sensitive_data"), (column.Status, column.Code));
        Assert.Contains("PAYMENT_CARD", column.Body, StringComparison.Ordinal);
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
        // Who may not see the row has no card in his prompt.
        Assert.Equal(200, (await grounded.AskAsync(await grounded.SupportAsync(), """{"select":["notes"]}""")).Status);
    }

    [Fact]
    public async Task SmallGroups_AreLeftOut()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        const string count = """{"aggregates":[{"function":"count"}],"groupBy":["region"]}""";
        Assert.Equal(200, (await grounded.AskAsync(await grounded.AnalystAsync(), count)).Status);
        Assert.Empty(grounded.Passages.Single()["rows"]!.AsArray());
        Assert.Equal(200, (await grounded.AskAsync(await grounded.AnalystAsync(), """{"aggregates":[{"function":"count"}]}""")).Status);
        Assert.Equal("""[{"count":6}]""", grounded.Passages.Single()["rows"]!.ToJsonString());
    }

    [Fact]
    public async Task Key_ThatIsLimited_IsLimitedHereToo()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var noQuery = await grounded.Gateway.KeyAsync("analyst", limits: new KeyLimits { Actions = new HashSet<string> { "infer" } }, clearance: 2);
        var answer = await grounded.AskAsync(noQuery, """{"select":["id"]}""");
        Assert.Equal((403, "policy_denied"), (answer.Status, answer.Code));
        var otherDataset = await grounded.Gateway.KeyAsync("analyst", limits: new KeyLimits { Datasets = new HashSet<string> { "invoices" } }, clearance: 2);
        Assert.Equal(403, (await grounded.AskAsync(otherDataset, """{"select":["id"]}""")).Status);
        var lowLabel = await grounded.Gateway.KeyAsync("analyst", limits: new KeyLimits { MaxLabel = 0 }, clearance: 2);
        Assert.Equal(403, (await grounded.Gateway.ChatAsync(lowLabel, GroundedGateway.BodyOf("""[{"name":"invoices","query":{"select":["id"]}}]"""))).Status);
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
    }

    [Fact]
    public async Task DatasetsDecision_ThatIsNotAcknowledged_KeepsTheRowsUnread()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        grounded.Gateway.Stream.Down = static e => e is DecisionEvent { Decision.Action: "query" };
        var answer = await grounded.AskAsync(await grounded.AnalystAsync(), """{"select":["id"]}""");
        Assert.Equal((503, "audit_unavailable", 0), (answer.Status, answer.Code, grounded.Gateway.Upstream.Asked));
        Assert.Empty(grounded.Gateway.Stream.Of<OutcomeEvent>());
    }

    [Fact]
    public async Task Source_ThatIsNotThere_OrFails_IsTold()
    {
        await using var away = await GroundedGateway.StartAsync(settings: ("Proofgate:DataSources:sample:Address", null));
        var answer = await away.AskAsync(await away.AnalystAsync(), """{"select":["id"]}""");
        Assert.Equal((503, "dataset_unavailable", 0), (answer.Status, answer.Code, away.Gateway.Upstream.Asked));

        // It was as the catalogue says when it was looked at, and is gone when it is asked.
        await using var gone = await GroundedGateway.StartAsync();
        gone.Change("DROP TABLE customers");
        answer = await gone.AskAsync(await gone.AnalystAsync(), """{"select":["id"]}""");
        Assert.Equal(0, gone.Gateway.Upstream.Asked);
        Assert.Contains((answer.Status, answer.Code), new (int, string?)[] { (502, "source_failed"), (400, "no_such_table") });
        Assert.DoesNotContain("SQLite", answer.Body, StringComparison.Ordinal);
        Assert.Single(gone.Gateway.Stream.Of<OutcomeEvent>());
    }

    [Fact]
    public async Task Embeddings_StandOnNothing()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var answer = await grounded.Gateway.PostAsync(
            "/v1/embeddings", """{"model":"embeddings","input":"x","proofgate":{"datasets":[{"name":"customers"}]}}""", await grounded.Gateway.DeveloperAsync());
        Assert.Equal((400, "unsupported_parameter"), (answer.Status, answer.Code));
    }
}
