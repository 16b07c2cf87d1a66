using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit.Events;
using Proofgate.Enforcement.Replay;
using Proofgate.Enforcement.Tools;
using Proofgate.Http.Tests.Grounds;
using Proofgate.Http.Tests.Support;
using Proofgate.Policy;

namespace Proofgate.Http.Tests;

/// <summary>Lineage and sessions where data comes from: queries of datasets, and tools.</summary>
public sealed class DataLineageTests
{
    private const string Lineage = "Proofgate-Lineage";
    private const string Session = "Proofgate-Session";
    private const string Label = "Proofgate-Label";
    private const string Query = """{"select":["id","region"],"limit":2}""";
    private const string QueryPath = "/v1/datasets/customers/query";

    private static readonly (string, string) Internal = (Label, "internal");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task Rows_HaveAToken_ThatNamesTheirDataset_ToALaterCall(string accept)
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var rows = await QueryAsync(gateway, key, ("Accept", accept), Internal);
        Assert.Equal((200, "internal"), (rows.Status, rows[Label]));

        var told = await gateway.ChatAsync(key, Samples.Chat, (Lineage, rows[Lineage]!));
        Assert.Equal((200, "internal"), (told.Status, told[Label]));
        Assert.Equal(["customers"], DecisionOf(gateway, told).Datasets);
        Assert.Equal([rows["Proofgate-Audit-Id"]!], DecisionOf(gateway, told).Lineage);
    }

    [Fact]
    public async Task Tool_HasAToken_ThatNamesTheDatasetThatItRead_AndTheLabelOfItsAnswer()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var rows = await gateway.CallToolAsync(key, "datasets__customers", Query, Internal);
        Assert.False(rows.SaysItFailed(), rows.Body);
        var told = await gateway.ChatAsync(key, Samples.Chat, (Lineage, rows[Lineage]!));
        Assert.Equal("internal", told[Label]);
        Assert.Equal(["customers"], DecisionOf(gateway, told).Datasets);

        gateway.Tools.Told = new ToolAnswer { Texts = ["secret"], Label = 2, Datasets = ["vault"] };
        var secret = await gateway.CallToolAsync(key, "datasets__tell");
        Assert.Equal("confidential", secret[Label]);
        var later = await gateway.ChatAsync(key, Samples.Chat, (Lineage, $"{secret[Lineage]}, {rows[Lineage]}"));
        Assert.Equal("confidential", later[Label]);
        Assert.Equal(["customers", "vault"], DecisionOf(gateway, later).Datasets);
        // A list is no content.
        Assert.Null((await gateway.RpcAsync(key, "tools/list"))[Lineage]);
    }

    /// <summary>Else a caller could fetch through a prompt what his session is too high for.</summary>
    [Fact]
    public async Task TokenAndSession_RaiseTheLabelOfTheQueries_ThatAPromptStandsOn()
    {
        await using var grounded = await GroundedGateway.StartAsync();
        var (gateway, key) = (grounded.Gateway, await grounded.AnalystAsync());
        var high = await gateway.ChatAsync(key, Samples.Chat, (Session, "new"), (Label, "confidential"));
        var before = gateway.Stream.Of<DecisionEvent>().Count;
        Assert.Equal(200, (await grounded.AskAsync(key, Query, (Session, high[Session]!))).Status);
        Assert.Equal(200, (await grounded.AskAsync(key, Query, (Lineage, high[Lineage]!))).Status);
        Assert.Equal(
            [("query", 2L), ("infer", 2L), ("query", 2L), ("infer", 2L)],
            gateway.Stream.Of<DecisionEvent>().Skip(before).Select(static e => (e.Decision.Action, e.Decision.Label)));
        // A session that begins with the prompt is of the prompt alone.
        Assert.Equal(200, (await grounded.AskAsync(key, Query, (Session, "new"))).Status);
    }

    [Fact]
    public async Task Token_RaisesTheLabelOfAQueryAndOfATool_AndOfTheQueryBehindIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var token = (await gateway.ChatAsync(key, Samples.Chat, Internal))[Lineage]!;
        Assert.Equal("internal", (await QueryAsync(gateway, key, (Lineage, token)))[Label]);

        var before = gateway.Stream.Of<DecisionEvent>().Count;
        Assert.Equal("internal", (await gateway.CallToolAsync(key, "datasets__customers", Query, (Lineage, token)))[Label]);
        Assert.Equal(
            [("useTool", 1L, 1), ("query", 1L, 1)],
            gateway.Stream.Of<DecisionEvent>().Skip(before).Select(static e => (e.Decision.Action, e.Decision.Label, e.Decision.Lineage.Count)));
    }

    /// <summary>Pentest: on none of the routes of data is a token or a session of somebody else good, or ignored.</summary>
    [Fact]
    public async Task EveryRouteOfData_RefusesWhatWasGivenToAnother()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (owner, other) = (await gateway.KeyAsync("analyst"), await gateway.KeyAsync("analyst"));
        var given = await gateway.ChatAsync(owner, Samples.Chat, (Session, "new"));
        var recorded = gateway.Stream.Of<DecisionEvent>().Count;
        foreach (var (header, value, code) in new[]
        {
            (Lineage, given[Lineage]!, "invalid_lineage"), (Lineage, "", "invalid_lineage"), (Session, given[Session]!, "unknown_session"), (Session, "pgs_AAAAAAAAAAAAAAAAAAAAAAAA", "unknown_session"),
        })
        {
            Answer[] answers =
            [
                await QueryAsync(gateway, other, (header, value)),
                await GetAsync(gateway, other, "/v1/datasets", (header, value)),
                await GetAsync(gateway, other, "/v1/datasets/customers", (header, value)),
                await GetAsync(gateway, other, "/v1/models", (header, value)),
                await gateway.CallToolAsync(other, "datasets__customers", Query, (header, value)),
                await gateway.RpcAsync(other, "tools/list", "{}", (header, value)),
                await gateway.RpcAsync(other, "resources/read", """{"uri":"dataset://customers"}""", (header, value)),
            ];
            Assert.All(answers, a => Assert.Equal((400, code, null), (a.Status, a.Code, a[Lineage])));
        }

        Assert.Equal(recorded, gateway.Stream.Of<DecisionEvent>().Count);
    }

    [Fact]
    public async Task Session_HasWhatAToolAnswered_BeforeItIsTold_OrNothingIsTold()
    {
        var sessions = new HeldSessions();
        await using var gateway = await TestGateway.StartAsync(sessions);
        var key = await gateway.KeyAsync("analyst");
        var begun = await gateway.CallToolAsync(key, "datasets__customers", Query, (Session, "new"));
        var id = begun[Session]!;
        Assert.Equal("public", (await gateway.ChatAsync(key, Samples.Chat, (Session, id)))[Label]);

        gateway.Tools.Told = new ToolAnswer { Texts = ["a secret"], Label = 2 };
        sessions.CannotKeep = static label => label == "confidential";
        var unkept = await gateway.CallToolAsync(key, "datasets__tell", "{}", (Session, id));
        Assert.Equal((503, "session_unavailable", null), (unkept.Status, unkept.Code, unkept[Lineage]));
        Assert.NotNull(unkept["Retry-After"]);
        Assert.DoesNotContain("secret", unkept.Body, StringComparison.Ordinal);
        Assert.Equal("gateway_failed", (await gateway.Stream.OutcomeAsync(unkept["Proofgate-Audit-Id"])).Result);

        sessions.CannotKeep = static _ => false;
        Assert.Equal("a secret", (await gateway.CallToolAsync(key, "datasets__tell", "{}", (Session, id))).TextOf());
        Assert.Equal("confidential", (await gateway.ChatAsync(key, Samples.Chat, (Session, id)))[Label]);

        sessions.Down = true;
        Assert.All(
            new[] { await QueryAsync(gateway, key, (Session, id)), await gateway.RpcAsync(key, "tools/list", "{}", (Session, id)), await gateway.ChatAsync(key, Samples.Chat, (Session, "new")) },
            static a => Assert.Equal((503, "session_unavailable"), (a.Status, a.Code)));
        Assert.Equal(200, (await QueryAsync(gateway, key)).Status);
    }

    [Fact]
    public async Task Policy_CanDemandASession_OfQueriesAndTools_AndDecidesTheSameAgain()
    {
        using var bundle = new TestBundle("""
            forbid (principal, action in [Proofgate::Action::"query", Proofgate::Action::"useTool"], resource) unless { context.session || context has lineage };
            """);
        await using var gateway = await TestGateway.StartAsync(bundle.Setting);
        var key = await gateway.KeyAsync("analyst");
        Assert.Equal(403, (await QueryAsync(gateway, key)).Status);
        Assert.Equal(403, (await gateway.CallToolAsync(key, "datasets__customers", Query)).Status);
        Assert.Equal("""{"datasets":[]}""", (await gateway.GetAsync("/v1/datasets", key)).Body);
        Assert.Empty((await gateway.RpcAsync(key, "tools/list")).Json["result"]!["tools"]!.AsArray());

        var id = (await GetAsync(gateway, key, "/v1/datasets", (Session, "new")))[Session]!;
        Assert.Contains("customers", (await GetAsync(gateway, key, "/v1/datasets", (Session, id))).Body, StringComparison.Ordinal);
        Assert.Equal(200, (await GetAsync(gateway, key, "/v1/datasets/customers", (Session, id))).Status);
        Assert.NotEmpty((await gateway.RpcAsync(key, "tools/list", "{}", (Session, id))).Json["result"]!["tools"]!.AsArray());
        var rows = await gateway.CallToolAsync(key, "datasets__customers", Query, (Session, id));
        Assert.False(rows.SaysItFailed(), rows.Body);
        Assert.Equal(id, rows[Session]);
        Assert.Equal(200, (await QueryAsync(gateway, key, (Lineage, rows[Lineage]!))).Status);

        var active = gateway.Services.GetRequiredService<IBundleSource>();
        Assert.True(active.TryGet(out var policies));
        foreach (var decided in gateway.Stream.Of<DecisionEvent>())
        {
            Assert.True(RecordedDecision.TryRead(decided.Decision, decided.Personal!.Json, out var read));
            Assert.Empty(read.DifferencesFrom(policies));
        }
    }

    private static Task<Answer> QueryAsync(TestGateway gateway, string key, params (string Name, string Value)[] headers) =>
        SendAsync(gateway, key, TestGateway.Post(QueryPath, Query), headers);

    private static Task<Answer> GetAsync(TestGateway gateway, string key, string path, params (string Name, string Value)[] headers) =>
        SendAsync(gateway, key, new HttpRequestMessage(HttpMethod.Get, path), headers);

    private static Task<Answer> SendAsync(TestGateway gateway, string key, HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return gateway.SendAsync(request, key);
    }

    private static DecisionRecord DecisionOf(TestGateway gateway, Answer answer) =>
        gateway.Stream.Of<DecisionEvent>().Single(e => e.Id.ToString() == answer["Proofgate-Audit-Id"]).Decision;
}
