using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Grounds;

/// <summary>A source that does not come to an end: time, the client's leaving and a revoked key end the fetch, and no model is asked.</summary>
public sealed class SlowSourceTests
{
    /// <summary>A view without end and without a row. What it is of has the sample's columns.</summary>
    private const string Endless =
        """
        ALTER TABLE customers RENAME TO people;
        CREATE VIEW customers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT p.* FROM n CROSS JOIN people p WHERE n.i < 0;
        """;

    private const string Query = """{"select":["id"]}""";

    [Fact]
    public async Task Time_IsUp_AndTheCallIsRefused()
    {
        await using var grounded = await GroundedGateway.StartAsync(Endless, settings: ("Proofgate:Data:GroundingTimeout", "00:00:00.2"));
        var answer = await grounded.AskAsync(await grounded.AnalystAsync(), Query);
        Assert.Equal((504, "source_timeout", 0), (answer.Status, answer.Code, grounded.Gateway.Upstream.Asked));
        Assert.Equal(("timed_out", 504), Ended(await grounded.Gateway.Stream.OutcomeAsync()));
    }

    [Fact]
    public async Task ClientThatLeaves_EndsTheFetch()
    {
        await using var grounded = await GroundedGateway.StartAsync(Endless);
        using var leaves = new CancellationTokenSource();
        using var request = TestGateway.Post("/v1/chat/completions", GroundedGateway.BodyOf("""[{"name":"customers"}]"""));
        request.Headers.Authorization = new("Bearer", await grounded.AnalystAsync());
        var asked = grounded.Gateway.Client.SendAsync(request, leaves.Token);
        await DecidedAsync(grounded);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(("client_aborted", 499), Ended(await grounded.Gateway.Stream.OutcomeAsync()));
        Assert.Equal(0, grounded.Gateway.Upstream.Asked);
    }

    [Fact]
    public async Task KeyThatIsRevoked_EndsTheFetch()
    {
        await using var grounded = await GroundedGateway.StartAsync(Endless);
        var (key, admin) = (await grounded.AnalystAsync(), await grounded.Gateway.AdministratorAsync());
        var asked = grounded.AskAsync(key, Query);
        await DecidedAsync(grounded);
        Assert.Equal(200, (await grounded.Gateway.PostAsync($"/manage/keys/{key.Split('_')[2]}/revoke", string.Empty, admin)).Status);
        var answer = await asked;
        Assert.Equal((401, "revoked", 0), (answer.Status, answer.Code, grounded.Gateway.Upstream.Asked));
        Assert.NotNull(answer["WWW-Authenticate"]);
        Assert.Contains(("revoked", 401), grounded.Gateway.Stream.Of<OutcomeEvent>().Select(Ended));
    }

    private static (string Result, int Status) Ended(OutcomeEvent outcome) => (outcome.Result, outcome.Status);

    private static async Task DecidedAsync(GroundedGateway grounded)
    {
        while (!grounded.Gateway.Stream.Of<DecisionEvent>().Any(static d => d.Decision.Action == "query"))
        {
            // The stream tells nobody of decisions: it is looked at again.
            await Task.Delay(5);
        }
    }
}
