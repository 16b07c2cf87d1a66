using System.Globalization;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Faults;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Routing;

/// <summary>A call goes on to another target only before the client has a byte, and only under a decision of its own.</summary>
public sealed class FallbackTests
{
    private static readonly byte[] Plain = Wire.Of(200, ScriptedUpstream.Plain);
    private static readonly byte[] Streamed = Wire.Stream(ScriptedUpstream.Streamed);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TargetWithoutAnAnswer_IsFollowedByTheNext_UnderADecisionOfItsOwn(bool stream)
    {
        await using var routed = await RoutedGateway.StartAsync();
        var decisionsWhenAsked = 0;
        routed.Outside.Answer = static _ => null;
        routed.Inside.Answer = _ =>
        {
            decisionsWhenAsked = routed.Gateway.Stream.Of<DecisionEvent>().Count;
            return stream ? Streamed : Plain;
        };
        var answer = await routed.ChatAsync(stream ? Samples.StreamedChat : Samples.Chat);

        Assert.Equal(200, answer.Status);
        Assert.Equal((2, 1, 2), (routed.Outside.Seen.Count, routed.Inside.Seen.Count, decisionsWhenAsked));
        var decisions = routed.Gateway.Stream.Of<DecisionEvent>();
        Assert.Equal(2, decisions.Count);
        Assert.Null(decisions[0].CorrelationId);
        Assert.Equal(decisions[0].Id, decisions[1].CorrelationId);
        Assert.Equal(answer["Proofgate-Audit-Id"], decisions[1].Id.ToString());
        Assert.StartsWith($"v1.{decisions[1].Id}.", answer["Proofgate-Audit-Promise"], StringComparison.Ordinal);
        var first = await routed.Gateway.Stream.OutcomeAsync(decisions[0].Id.ToString());
        Assert.Equal(("upstream_failed", 502, "openai", 2), (first.Result, first.Status, first.Target, first.Attempts));
        var last = await routed.Gateway.Stream.OutcomeAsync(decisions[1].Id.ToString());
        Assert.Equal(("completed", 200, "ollama", 3), (last.Result, last.Status, last.Target, last.Attempts));
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(401, 1)]
    [InlineData(503, 2)]
    [InlineData(529, 2)]
    [InlineData(408, 2)]
    public async Task Refusal_ThatIsNotTheCallers_IsFollowedByTheNextTarget(int status, int asked)
    {
        await using var routed = await RoutedGateway.StartAsync();
        routed.Outside.Answer = _ => Wire.Of(status, """{"error":{"message":"no"}}""");
        routed.Inside.Answer = static _ => Plain;

        Assert.Equal(200, (await routed.ChatAsync()).Status);
        Assert.Equal(asked, routed.Outside.Seen.Count);
        var first = routed.Gateway.Stream.Of<OutcomeEvent>()[0];
        Assert.Equal(("upstream_refused", "openai"), (first.Result, first.Target));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task Refusal_OfTheRequestItself_IsTold_AndNobodyElseIsAsked(int status)
    {
        await using var routed = await RoutedGateway.StartAsync();
        routed.Outside.Answer = _ => Wire.Of(status, """{"error":{"message":"no"}}""");

        Assert.Equal(status, (await routed.ChatAsync()).Status);
        Assert.Single(routed.Outside.Seen);
        Assert.Empty(routed.Inside.Seen);
    }

    [Fact]
    public async Task AnswerThatBegan_IsNeverAskedForAgain()
    {
        await using var routed = await RoutedGateway.StartAsync();
        routed.Outside.Answer = static _ => Wire.Stream(": thinking\n\n");
        routed.Inside.Answer = static _ => Streamed;
        var early = await routed.ChatAsync(Samples.StreamedChat);
        Assert.Equal((502, "upstream_failed"), (early.Status, early.Code));

        routed.Outside.Answer = static _ => Wire.Of(200, "{ half of");
        var plain = await routed.ChatAsync();
        Assert.Equal((502, "upstream_failed"), (plain.Status, plain.Code));
        Assert.Equal((2, 0), (routed.Outside.Seen.Count, routed.Inside.Seen.Count));
    }

    [Fact]
    public async Task SilentTarget_IsFollowedByTheNext_AfterTheFirstTokenTimeout_AndNotAskedAgain()
    {
        await using var routed = await RoutedGateway.StartAsync(settings: ("Proofgate:Inference:FirstTokenTimeout", "00:00:00.4"));
        routed.Inside.Answer = static _ => Streamed;
        var answer = await routed.ChatAsync("""{"model":"assistant","stream":true,"messages":[{"role":"user","content":"fault:StallsAfterHeaders."}]}""");

        Assert.Equal(200, answer.Status);
        var outcomes = await OutcomesAsync(routed, answer);
        Assert.Equal([("timed_out", "openai", 1L), ("completed", "ollama", 2L)], outcomes);
    }

    [Fact]
    public async Task Target_ThatPolicyRefuses_IsPassedOver_AndNeverAFallback()
    {
        const string Mail = """{"model":"assistant","messages":[{"role":"user","content":"write to ada@example.org"}]}""";
        await using (var routed = await RoutedGateway.StartAsync())
        {
            routed.Inside.Answer = static _ => Plain;
            Assert.Equal(200, (await routed.ChatAsync(Mail)).Status);
            Assert.Empty(routed.Outside.Seen);
            Assert.Equal("ollama", (await routed.Gateway.Stream.OutcomeAsync()).Target);
            Assert.Single(routed.Gateway.Stream.Of<DecisionEvent>());
        }

        await using (var routed = await RoutedGateway.StartAsync(insideFirst: true))
        {
            routed.Inside.Answer = static _ => null;
            routed.Outside.Answer = static _ => Plain;
            Assert.Equal(502, (await routed.ChatAsync(Mail)).Status);
            Assert.Empty(routed.Outside.Seen);
            Assert.Equal(("upstream_failed", 2), ((await routed.Gateway.Stream.OutcomeAsync()).Result, (await routed.Gateway.Stream.OutcomeAsync()).Attempts));

            // What may leave goes on.
            Assert.Equal(200, (await routed.ChatAsync()).Status);
            Assert.Single(routed.Outside.Seen);
        }
    }

    [Fact]
    public async Task NextTarget_IsNotAsked_WhereItsDecisionIsNotAcknowledged()
    {
        await using var routed = await RoutedGateway.StartAsync();
        routed.Outside.Answer = _ =>
        {
            routed.Gateway.Stream.Down = static e => e is DecisionEvent;
            return null;
        };
        routed.Inside.Answer = static _ => Plain;
        var answer = await routed.ChatAsync();

        Assert.Equal((502, "upstream_unavailable"), (answer.Status, answer.Code));
        Assert.Empty(routed.Inside.Seen);
        Assert.Equal("upstream_failed", (await routed.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
    }

    [Fact]
    public async Task Reservation_GoesWithTheCall_AndIsSettledOnce()
    {
        const string Used = """{"id":"x","choices":[{"index":0,"message":{"content":"Hi."},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":20}}""";
        await using var routed = await RoutedGateway.StartAsync(settings: [("Proofgate:Admission:ConcurrentPerKey", "1"), ("Proofgate:Admission:TokensPerDay", "10000")]);
        routed.Outside.Answer = static _ => null;
        routed.Inside.Answer = static _ => Wire.Of(200, Used);
        // Ten estimates would be four times the budget; and a place that is lost is missed by the next.
        for (var i = 0; i < 10; i++)
        {
            await Until(() =>
            {
                var answer = routed.ChatAsync().GetAwaiter().GetResult();
                // The place is given back when the outcome is recorded, a moment after the answer.
                Assert.True(answer.Status == 200 || answer.Code == "too_many_concurrent_requests", answer.Body);
                return answer.Status == 200;
            });
        }
    }

    [Fact]
    public async Task RetryAfter_IsWaitedFor_InSecondsAndAsADate()
    {
        foreach (var header in new Func<string>[] { static () => "1", static () => TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("R", CultureInfo.InvariantCulture) })
        {
            await using var routed = await RoutedGateway.StartAsync();
            var times = new List<DateTimeOffset>();
            routed.Outside.Answer = _ =>
            {
                times.Add(TimeProvider.System.GetUtcNow());
                return times.Count == 1 ? Wire.Of(429, "{}", headers: "Retry-After: " + header()) : Plain;
            };
            Assert.Equal(200, (await routed.ChatAsync()).Status);
            Assert.InRange((times[1] - times[0]).TotalSeconds, 0.8, 30);
            Assert.Empty(routed.Inside.Seen);
            Assert.Equal(2, (await routed.Gateway.Stream.OutcomeAsync()).Attempts);
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task LongRetryAfter_IsNotWaitedFor_ButFollowed_OrToldTheClient(int status)
    {
        await using var routed = await RoutedGateway.StartAsync();
        var busy = Wire.Of(status, """{"error":{"message":"busy"}}""", headers: "Retry-After: 77");
        routed.Outside.Answer = _ => busy;
        routed.Inside.Answer = static _ => Plain;
        Assert.Equal(200, (await routed.ChatAsync()).Status);
        Assert.Single(routed.Outside.Seen);

        routed.Inside.Answer = _ => busy;
        var answer = await routed.ChatAsync();
        Assert.Equal((status, "77"), (answer.Status, answer["Retry-After"]));
        Assert.Equal(2, routed.Inside.Seen.Count);
        var outcome = await routed.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Equal(("upstream_refused", status, "ollama", 2), (outcome.Result, outcome.Status, outcome.Target, outcome.Attempts));
        Assert.Equal((0, 0), (outcome.InputTokens, outcome.OutputTokens));
    }

    [Fact]
    public async Task Attempts_AreBounded_InNumberAndTime()
    {
        await using (var routed = await RoutedGateway.StartAsync(settings: ("Proofgate:Routing:Attempts", "3")))
        {
            (routed.Outside.Answer, routed.Inside.Answer) = (static _ => null, static _ => null);
            Assert.Equal(502, (await routed.ChatAsync()).Status);
            Assert.Equal((2, 1), (routed.Outside.Seen.Count, routed.Inside.Seen.Count));
        }

        await using (var routed = await RoutedGateway.StartAsync(settings: ("Proofgate:Routing:AttemptTime", "00:00:00")))
        {
            (routed.Outside.Answer, routed.Inside.Answer) = (static _ => null, static _ => null);
            Assert.Equal(502, (await routed.ChatAsync()).Status);
            Assert.Equal((1, 0), (routed.Outside.Seen.Count, routed.Inside.Seen.Count));
        }
    }

    [Fact]
    public async Task ClientThatLeaves_EndsTheWaitForTheNextAttempt()
    {
        await using var routed = await RoutedGateway.StartAsync(settings: [("Proofgate:Routing:RetryDelay", "00:01:00"), ("Proofgate:Routing:MaxRetryDelay", "00:02:00")]);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        routed.Outside.Answer = _ =>
        {
            asked.TrySetResult();
            return null;
        };
        using var leaving = new CancellationTokenSource();
        using var request = TestGateway.Post("/v1/chat/completions", Samples.Chat);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {routed.Key}");
        var sending = routed.Gateway.Client.SendAsync(request, leaving.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal("client_aborted", (await routed.Gateway.Stream.OutcomeAsync()).Result);
        Assert.Single(routed.Outside.Seen);
    }

    [Fact]
    public async Task TargetThatFailsTooOften_IsLeftAlone_ShownAndTriedAgain()
    {
        await using var routed = await RoutedGateway.StartAsync(settings:
        [
            ("Proofgate:Routing:BreakerMinAttempts", "4"), ("Proofgate:Routing:BreakerRest", "00:00:00.5"), ("Proofgate:Routing:AttemptsPerTarget", "1"),
        ]);
        routed.Outside.Answer = static _ => null;
        routed.Inside.Answer = static _ => Plain;
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(200, (await routed.ChatAsync()).Status);
        }

        Assert.Equal(4, routed.Outside.Seen.Count);
        Assert.Equal(200, (await routed.ChatAsync()).Status);
        Assert.Equal(4, routed.Outside.Seen.Count);
        var ready = await routed.Gateway.GetAsync("/readyz");
        Assert.Equal((200, "1 of 2 targets that were asked are left alone, see the log"), (ready.Status, (string?)ready.Json["checks"]!["upstreams"]!["detail"]));
        Assert.Contains(routed.Gateway.Log.Lines, static l => l.Contains("Target openai/m failed too often", StringComparison.Ordinal));

        routed.Outside.Answer = static _ => Plain;
        await Until(() =>
        {
            Assert.Equal(200, routed.ChatAsync().GetAwaiter().GetResult().Status);
            return routed.Outside.Seen.Count > 4;
        });
        Assert.Equal("0 of 2 targets that were asked are left alone", (string?)(await routed.Gateway.GetAsync("/readyz")).Json["checks"]!["upstreams"]!["detail"]);
    }

    [Fact]
    public async Task Call_Is503WithATimeToWait_WhereEveryTargetIsLeftAlone()
    {
        await using var routed = await RoutedGateway.StartAsync(settings:
        [
            ("Proofgate:Routing:BreakerMinAttempts", "2"), ("Proofgate:Routing:BreakerRest", "00:00:20"), ("Proofgate:Routing:AttemptsPerTarget", "1"),
        ]);
        (routed.Outside.Answer, routed.Inside.Answer) = (static _ => null, static _ => null);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(502, (await routed.ChatAsync()).Status);
        }

        var answer = await routed.ChatAsync();
        Assert.Equal((503, "upstream_unavailable"), (answer.Status, answer.Code));
        Assert.InRange(int.Parse(answer["Retry-After"]!, CultureInfo.InvariantCulture), 1, 20);
        Assert.Equal((2, 2), (routed.Outside.Seen.Count, routed.Inside.Seen.Count));
        Assert.Equal(0, (await routed.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Attempts);
        Assert.Equal(200, (await routed.Gateway.GetAsync("/readyz")).Status);
    }

    private static async Task<(string, string?, long?)[]> OutcomesAsync(RoutedGateway routed, Answer answer)
    {
        await routed.Gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        return [.. routed.Gateway.Stream.Of<OutcomeEvent>().Select(static o => (o.Result, o.Target, o.Attempts))];
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            // Another part of the process is waited for that tells nobody.
            await Task.Delay(20, patience.Token);
        }
    }
}
