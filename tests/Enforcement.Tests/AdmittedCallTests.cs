using System.Reflection;
using System.Security.Cryptography;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement.Limits;
using Proofgate.Protection;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests;

public sealed class AdmittedCallTests : IDisposable
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";

    private readonly House _house = new(new AdmissionOptions { ConcurrentPerKey = 1, TokensPerDay = 1000 });

    public void Dispose() => _house.Dispose();

    [Fact]
    public void AdmittedCall_CannotBeMadeOutside_TheRoom()
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var type in new[] { typeof(AdmittedCall<>), typeof(AuthorizedCall<>), typeof(Reservation) })
        {
            Assert.True(type.IsSealed, $"{type.Name} can be derived from.");
            Assert.True(!type.IsPublic || type.GetConstructors(all).All(static c => c.IsAssembly || c.IsPrivate), $"{type.Name} can be constructed.");
            // A record's copy would be another admitted call.
            Assert.Null(type.GetMethod("<Clone>$", all));
            Assert.DoesNotContain(
                type.GetMethods(BindingFlags.Static | BindingFlags.Public), m => m.ReturnType.IsGenericType && m.ReturnType.GetGenericTypeDefinition() == type);
        }
    }

    [Fact]
    public async Task Complete_RecordsOneOutcome_HoweverOftenItIsCalled()
    {
        var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll) with { Answers = true });
        admitted.DigestAnswer("ab"u8);
        admitted.DigestAnswer("c"u8);
        var first = _house.Time.GetTimestamp();
        _house.Time.Advance(TimeSpan.FromSeconds(3));
        var redactions = new KindCounts();
        redactions.Add(new Kind("IBAN"), 2);
        await admitted.CompleteAsync(new CallOutcome
        {
            Result = "completed",
            Status = 200,
            InputTokens = 7,
            OutputTokens = 11,
            BytesOut = 3,
            Events = 2,
            Redactions = redactions,
            FinishReason = "stop",
            FirstByteAt = first,
        });
        await admitted.CompleteAsync(new CallOutcome { Result = "revoked", Status = 200 });
        await admitted.DisposeAsync();

        var outcome = _house.Stream.Single<OutcomeEvent>();
        Assert.Equal(admitted.Id, outcome.CorrelationId);
        Assert.NotEqual(admitted.Id, outcome.Id);
        Assert.Equal(("completed", 200, "target", "stop"), (outcome.Result, outcome.Status, outcome.Target, outcome.FinishReason));
        Assert.Equal((7L, 11L, 3L, 2L), (outcome.InputTokens!.Value, outcome.OutputTokens!.Value, outcome.BytesOut, outcome.Events));
        Assert.Equal(2, outcome.Redactions["IBAN"]);
        Assert.Equal(RuleSet.Default.Digest, outcome.RulesDigest);
        Assert.Equal(TimeSpan.Zero, outcome.FirstByte);
        Assert.Equal(TimeSpan.FromSeconds(3), outcome.Duration);
        Assert.Equal(new ContentDigester(AuditKeys.FromMaster(new byte[32])).Digest("contoso", "abc"u8), outcome.AnswerDigest);
    }

    [Fact]
    public async Task Dispose_RecordsThatTheGatewayFailed_WhenThereWasNoOutcome()
    {
        await (await _house.AdmitAsync(TextCall.Of(PermitAll))).DisposeAsync();

        var outcome = _house.Stream.Single<OutcomeEvent>();
        Assert.Equal(("gateway_failed", 500), (outcome.Result, outcome.Status));
        Assert.Null(outcome.AnswerDigest);
        Assert.Equal(0, _house.Revocation.Open);
    }

    [Fact]
    public async Task Dispose_GivesThePlaceBack_ThoughTheOutcomeCannotBeRecorded()
    {
        foreach (var fault in new Exception[] { new AuditUnavailableException("down"), new CryptographicException("a bug") })
        {
            var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll));
            _house.Stream.Fault = _ => fault;
            await Record.ExceptionAsync(() => admitted.DisposeAsync().AsTask());
            _house.Stream.Fault = static _ => null;
            Assert.Equal(0, _house.Revocation.Open);
        }

        await (await _house.AdmitAsync(TextCall.Of(PermitAll))).DisposeAsync();
    }

    [Fact]
    public async Task Complete_DoesNotThrow_WhenTheStreamIsDown()
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll));
        _house.Stream.Fault = static _ => new AuditUnavailableException("down");

        await admitted.CompleteAsync(new CallOutcome { Result = "completed", Status = 200 });
        Assert.Empty(_house.Stream.Acknowledged.OfType<OutcomeEvent>());
    }

    [Fact]
    public async Task Place_IsHeldUntilTheOutcomeIsRecorded_AndThenGivenBack()
    {
        var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll));
        Assert.Equal("too_many_concurrent_requests", (await _house.RefuseAsync(TextCall.Of(PermitAll))).Code);

        await admitted.DisposeAsync();
        await (await _house.AdmitAsync(TextCall.Of(PermitAll))).DisposeAsync();
    }

    [Fact]
    public async Task Revoked_Fires_WhenTheCallersCredentialEnds()
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll));
        Assert.False(admitted.Revoked.IsCancellationRequested);

        _house.Revocation.Revoke();
        Assert.True(admitted.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task Budget_IsSettledAgainstWhatWasUsed_AndStandsWhereThatIsNotKnown()
    {
        async Task RunAsync(long estimate, CallOutcome outcome)
        {
            await using var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = estimate });
            await admitted.CompleteAsync(outcome);
        }

        // Of 1000: 900 estimated, 100 used.
        await RunAsync(900, new CallOutcome { Result = "completed", Status = 200, InputTokens = 60, OutputTokens = 40 });
        await RunAsync(900, new CallOutcome { Result = "completed", Status = 200, InputTokens = 100, OutputTokens = 0 });
        // 800 left; how much of it was used is not known, so the estimate stands.
        await RunAsync(700, new CallOutcome { Result = "client_aborted", Status = 200 });
        Assert.Equal("token_budget_exceeded", (await _house.RefuseAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 101 })).Code);
        // More than estimated counts too.
        await RunAsync(10, new CallOutcome { Result = "completed", Status = 200, InputTokens = 50, OutputTokens = 50 });
        Assert.Equal(429, (await _house.RefuseAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 1 })).Status);
    }

    [Fact]
    public async Task CallInsteadOfAnother_HasADecisionOfItsOwn_AndWhatTheFirstHeldIsSettledOnce()
    {
        var first = await _house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 900 });
        var next = TextCall.Of(PermitAll) with { EstimatedTokens = 900, InsteadOf = first.Id };
        var ended = new CallOutcome { Result = "upstream_failed", Status = 502, Attempts = 2 };
        // One place and 1000 tokens: it could not be reserved a second time.
        var second = Assert.IsType<Ruling<TextCall>.Admitted>(await _house.Pipeline.AdmitInsteadAsync(first, ended, next, CancellationToken.None)).Call;

        var decisions = _house.Stream.Acknowledged.OfType<DecisionEvent>().ToList();
        Assert.Equal([(first.Id, null), (second.Id, first.Id)], decisions.Select(static d => (d.Id, d.CorrelationId)));
        var outcome = _house.Stream.Single<OutcomeEvent>();
        Assert.Equal((first.Id, "upstream_failed", 2), (outcome.CorrelationId, outcome.Result, outcome.Attempts));
        await first.CompleteAsync(new CallOutcome { Result = "completed", Status = 200, OutputTokens = 900 });
        await first.DisposeAsync();
        Assert.Equal("too_many_concurrent_requests", (await _house.RefuseAsync(TextCall.Of(PermitAll))).Code);

        await second.CompleteAsync(new CallOutcome { Result = "completed", Status = 200, InputTokens = 60, OutputTokens = 40 });
        await second.DisposeAsync();
        Assert.Equal(2, _house.Stream.Acknowledged.OfType<OutcomeEvent>().Count());
        Assert.Equal(0, _house.Revocation.Open);
        await (await _house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 900 })).DisposeAsync();
        Assert.Equal("token_budget_exceeded", (await _house.RefuseAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 901 })).Code);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _house.Pipeline.AdmitInsteadAsync(first, ended, next, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task CallInsteadOfAnother_ThatIsNotAdmitted_LeavesTheFirstAsItIs()
    {
        var ended = new CallOutcome { Result = "upstream_failed", Status = 502 };
        await using var first = await _house.AdmitAsync(TextCall.Of(PermitAll));
        var denied = await _house.Pipeline.AdmitInsteadAsync(first, ended, TextCall.Of("""@id("n") forbid (principal, action, resource);"""), CancellationToken.None);
        Assert.Equal(403, Assert.IsType<Ruling<TextCall>.Refused>(denied).Refusal.Status);

        _house.Stream.Fault = static e => e is DecisionEvent ? new AuditUnavailableException("down") : null;
        var unrecorded = await _house.Pipeline.AdmitInsteadAsync(first, ended, TextCall.Of(PermitAll), CancellationToken.None);
        Assert.Equal(503, Assert.IsType<Ruling<TextCall>.Refused>(unrecorded).Refusal.Status);
        Assert.Empty(_house.Stream.Acknowledged.OfType<OutcomeEvent>());
        Assert.Empty(_house.Stream.Acknowledged.OfType<RefusalEvent>());
        await first.CompleteAsync(new CallOutcome { Result = "completed", Status = 200 });
        Assert.Equal("completed", _house.Stream.Single<OutcomeEvent>().Result);
    }

    [Fact]
    public async Task CallWithSeveralWays_IsAdmittedForTheFirstThatPolicyAllows_AndElseRefusedAsTheFirst()
    {
        const string NoEgress = """
            @id("in") permit (principal, action == Proofgate::Action::"infer", resource);
            @id("out") @reason("Stay inside.") forbid (principal, action == Proofgate::Action::"infer", resource) when { resource.external };
            """;
        var outside = TextCall.Of(NoEgress);
        var inside = outside with { Resource = Policy.Vocabulary.Model("m", "ollama", "local", 2, external: false) };
        await using (var admitted = Assert.IsType<Ruling<TextCall>.Admitted>(await _house.Pipeline.AdmitAsync(outside, [outside, inside], CancellationToken.None)).Call)
        {
            Assert.Same(inside, admitted.Call);
            Assert.Equal(["in"], _house.Stream.Single<DecisionEvent>().Decision.Policies);
        }

        var refused = Assert.IsType<Ruling<TextCall>.Refused>(await _house.Pipeline.AdmitAsync(outside, [outside], CancellationToken.None)).Refusal;
        Assert.Equal((403, "Stay inside."), (refused.Status, refused.Message));
        Assert.Single(_house.Stream.Acknowledged.OfType<RefusalEvent>());
    }
}
