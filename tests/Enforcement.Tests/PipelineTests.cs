using System.Text.Json;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Enforcement.Limits;
using Proofgate.Policy;
using Proofgate.Protection;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests;

/// <summary>Steps 4 to 9 of a call's path, in their order, and invariant 1: no acknowledged decision, nothing admitted.</summary>
public sealed class PipelineTests : IDisposable
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";
    private const string Ssn = "my number is 054-28-6917.";

    private readonly House _house = new(new AdmissionOptions { ConcurrentPerKey = 1 });

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Admit_WaitsForTheAcknowledgement_OfTheDecision()
    {
        _house.Stream.Hold();
        var admitting = _house.Pipeline.AdmitAsync(TextCall.Of(PermitAll), CancellationToken.None).AsTask();
        Assert.False(admitting.IsCompleted);
        Assert.Empty(_house.Stream.Acknowledged);

        _house.Stream.Release();
        await using var admitted = Assert.IsType<Ruling<TextCall>.Admitted>(await admitting).Call;
        var decision = _house.Stream.Single<DecisionEvent>();
        Assert.Equal(admitted.Id, decision.Id);
        Assert.Equal(admitted.Receipt.Id, decision.Id);
        Assert.True(decision.Decision.Allowed);
        Assert.Equal(["all"], decision.Decision.Policies);
    }

    [Fact]
    public async Task Admit_IsNotCancelledWithTheRequest_OnceTheDecisionIsUnderWay()
    {
        using var gone = new CancellationTokenSource();
        _house.Stream.Hold();
        var admitting = _house.Pipeline.AdmitAsync(TextCall.Of(PermitAll), gone.Token).AsTask();
        await gone.CancelAsync();
        Assert.False(admitting.IsCompleted);

        _house.Stream.Release();
        await Assert.IsType<Ruling<TextCall>.Admitted>(await admitting).Call.DisposeAsync();
    }

    [Fact]
    public async Task Admit_PublishesNothing_WhenTheClientLeftBeforeTheDecision()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _house.Pipeline.AdmitAsync(TextCall.Of(PermitAll), new CancellationToken(canceled: true)).AsTask());

        Assert.Empty(_house.Stream.Acknowledged);
        await AssertPlaceIsFreeAsync();
    }

    [Fact]
    public async Task Admit_IsRefusedWith503_WhenTheStreamIsDown()
    {
        _house.Stream.Fault = static e => e is DecisionEvent ? new AuditUnavailableException("down") : null;
        var refusal = await _house.RefuseAsync(TextCall.Of(PermitAll));

        Assert.Equal((503, "audit_unavailable"), (refusal.Status, refusal.Code));
        Assert.Equal(TimeSpan.FromSeconds(2), refusal.RetryAfter);
        Assert.Empty(_house.Stream.Acknowledged);
        Assert.Equal(0, _house.Revocation.Open);
        _house.Stream.Fault = static _ => null;
        await AssertPlaceIsFreeAsync();
    }

    [Fact]
    public async Task Admit_IsRefusedWithThePolicysReason_BeforeThePromptIsLookedAt()
    {
        var call = TextCall.Of(PermitAll + """@id("no") @reason("Closed on Mondays.") forbid (principal, action, resource);""") with
        {
            Inspected = static () => Assert.Fail("A call that is not allowed was inspected."),
        };
        var refusal = await _house.RefuseAsync(call);

        Assert.Equal((403, "policy_denied", "Closed on Mondays."), (refusal.Status, refusal.Code, refusal.Message));
        var recorded = _house.Stream.Single<RefusalEvent>();
        Assert.Equal((call.Id, 403, "policy_denied"), (recorded.Id, recorded.Status, recorded.Reason));
        Assert.False(recorded.Decision!.Allowed);
        Assert.Equal(["no"], recorded.Decision.Policies);
        await AssertPlaceIsFreeAsync();
    }

    [Fact]
    public async Task Refusal_IsRecorded_WhenTheClientHasLeftAlready()
    {
        using var gone = new CancellationTokenSource();
        _house.Stream.Hold();
        var call = TextCall.Of("""@id("no") forbid (principal, action, resource);""");
        var ruling = _house.Pipeline.AdmitAsync(call, gone.Token).AsTask();
        await gone.CancelAsync();
        _house.Stream.Release();

        Assert.IsType<Ruling<TextCall>.Refused>(await ruling);
        _house.Stream.Single<RefusalEvent>();
    }

    [Fact]
    public async Task Refusal_IsAnswered_ThoughItCannotBeRecorded()
    {
        _house.Stream.Fault = static _ => new AuditUnavailableException("down");

        Assert.Equal(403, (await _house.RefuseAsync(TextCall.Of("""@id("no") forbid (principal, action, resource);"""))).Status);
    }

    [Fact]
    public async Task Kinds_RaiseTheLabel_ForTheSecondDecision()
    {
        const string manifest = """{ "name": "x", "kinds": { "US_SSN": { "label": "restricted" }, "EMAIL_ADDRESS": { "label": "internal" } } }""";
        const string policy = PermitAll + """@id("high") @reason("Too high.") forbid (principal, action == Proofgate::Action::"infer", resource) when { context.label > resource.maxLabel };""";

        var refusal = await _house.RefuseAsync(TextCall.Of(policy, Ssn, manifest));
        Assert.Equal("Too high.", refusal.Message);
        var recorded = _house.Stream.Single<RefusalEvent>().Decision!;
        Assert.Equal(3, recorded.Label);
        Assert.Equal(1, recorded.Kinds["US_SSN"]);

        await using var mail = await _house.AdmitAsync(TextCall.Of(policy, "a@b.co", manifest));
        Assert.Equal(1, mail.Label);
    }

    [Fact]
    public async Task Label_NeverFalls_BelowTheDeclaredOne()
    {
        const string manifest = """{ "name": "x", "kinds": { "EMAIL_ADDRESS": { "label": "internal" } } }""";
        await using var admitted = await _house.AdmitAsync(TextCall.Of(PermitAll, "a@b.co", manifest) with { DeclaredLabel = 2 });

        Assert.Equal(2, admitted.Label);
    }

    [Fact]
    public async Task Kinds_AreSeenByTheSecondDecision_AsContext()
    {
        const string policy = PermitAll + """@id("ssn") forbid (principal, action == Proofgate::Action::"infer", resource) when { context.kinds.contains(Proofgate::Kind::"US_SSN") };""";

        Assert.Equal("policy_denied", (await _house.RefuseAsync(TextCall.Of(policy, Ssn))).Code);
        await (await _house.AdmitAsync(TextCall.Of(policy))).DisposeAsync();
    }

    [Fact]
    public async Task Undisclosable_IsRefusedWith422_AndNamesTheKindsOnly()
    {
        const string policy = PermitAll + """@id("stays") forbid (principal, action == Proofgate::Action::"disclose", resource) when { context.kinds.contains(Proofgate::Kind::"US_SSN") };""";
        var refusal = await _house.RefuseAsync(TextCall.Of(policy, Ssn + " Mail a@b.co"));

        Assert.Equal((422, "prompt_contains_sensitive_data"), (refusal.Status, refusal.Code));
        Assert.Contains("US_SSN", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("EMAIL_ADDRESS", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("054", refusal.Message, StringComparison.Ordinal);
        var decision = _house.Stream.Single<RefusalEvent>().Decision!;
        Assert.False(decision.Allowed);
        Assert.Equal(
            [("disclose", "EMAIL_ADDRESS", true), ("disclose", "US_SSN", false)],
            decision.Questions.Select(static q => (q.Action, q.Resource, q.Allowed)).Order());
        await AssertPlaceIsFreeAsync();
    }

    [Fact]
    public async Task Reveal_IsAskedForEveryKind_WhenThereIsAnAnswer()
    {
        const string policy = PermitAll + """@id("hide") forbid (principal, action == Proofgate::Action::"reveal", resource) unless { resource == Proofgate::Kind::"IBAN" };""";
        await using (var silent = await _house.AdmitAsync(TextCall.Of(policy)))
        {
            Assert.Empty(_house.Stream.Single<DecisionEvent>().Decision.Questions);
        }

        await using var admitted = await _house.AdmitAsync(TextCall.Of(policy) with { Answers = true });
        Assert.Equal([new Kind("IBAN")], admitted.Redaction.Revealed);
        var questions = _house.Stream.Acknowledged.OfType<DecisionEvent>().Last().Decision.Questions;
        Assert.Equal(RuleSet.Default.Kinds.Select(static k => k.Name), questions.Where(static q => q.Action == "reveal").Select(static q => q.Resource));
        Assert.Equal("IBAN", Assert.Single(questions, static q => q.Allowed && q.Action == "reveal").Resource);
    }

    [Fact]
    public async Task LessThanReveal_IsAskedOnlyOfKindsThatHaveIt_AndOnlyWhenMoreIsRefused()
    {
        const string policy = PermitAll + """
            @id("hide") forbid (principal, action == Proofgate::Action::"reveal", resource) unless { resource == Proofgate::Kind::"IBAN" };
            @id("no-ends") forbid (principal, action == Proofgate::Action::"revealPartial", resource) unless { resource == Proofgate::Kind::"PAYMENT_CARD" };
            @id("no-names") forbid (principal, action == Proofgate::Action::"revealPseudonym", resource) unless { resource == Proofgate::Kind::"EMAIL_ADDRESS" };
            """;
        await using var admitted = await _house.AdmitAsync(TextCall.Of(policy) with { Answers = true });

        var questions = _house.Stream.Single<DecisionEvent>().Decision.Questions;
        Assert.Equal(
            [("reveal", "IBAN"), ("revealPartial", "PAYMENT_CARD"), ("revealPseudonym", "EMAIL_ADDRESS")],
            questions.Where(static q => q.Allowed).Select(static q => (q.Action, q.Resource)).Order());
        Assert.DoesNotContain(questions, static q => q is { Action: not "reveal", Resource: "IBAN" or "API_KEY" });
        Assert.DoesNotContain(questions, static q => q is { Action: "revealPseudonym", Resource: "PAYMENT_CARD" });
        var redacted = Redactor.RedactWhole(admitted.Redaction, "GB29NWBK60161331926819, 4242 4242 4242 4242, a@b.co, 054-28-6917", TextEnd.Finished);
        Assert.Matches(@"^GB29NWBK60161331926819, \*\*\*\* 4242, \[EMAIL_ADDRESS:[a-z2-9]{10}\], \[US_SSN\]$", redacted);
    }

    [Fact]
    public async Task Reveal_IsRefused_WhenItsForbidErrs()
    {
        const string policy = PermitAll + """@id("broken") forbid (principal, action == Proofgate::Action::"reveal", resource) when { 9223372036854775807 + 1 == 0 };""";
        await using var admitted = await _house.AdmitAsync(TextCall.Of(policy) with { Answers = true });

        Assert.Empty(admitted.Redaction.Revealed);
    }

    [Fact]
    public async Task Decision_CarriesTheCanonicalRequestSealed_AndNoContentOutside()
    {
        await using var admitted = await _house.AdmitAsync(
            TextCall.Of(PermitAll, Ssn) with { Caller = Callers.Application.With(new(), "192.0.2.9") with { Actors = ["agent"] } });
        var decision = _house.Stream.Single<DecisionEvent>();

        Assert.Equal(("contoso", "svc-shop"), (decision.Personal!.Tenant, decision.Personal.Subject));
        using var personal = JsonDocument.Parse(decision.Personal.Json);
        Assert.Equal(["actors", "address", "client", "request", "subject"], personal.RootElement.EnumerateObject().Select(static m => m.Name));
        Assert.Equal("192.0.2.9", personal.RootElement.GetProperty("address").GetString());
        Assert.Equal("agent", personal.RootElement.GetProperty("actors")[0].GetString());
        Assert.Equal(2, personal.RootElement.GetProperty("request").GetProperty("requests").GetArrayLength());
        Assert.DoesNotContain("054-28", personal.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("svc-shop", decision.Decision.ToString() + decision.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_GivesThePlaceBack_WhenInspectionThrows()
    {
        var call = TextCall.Of(PermitAll) with { Inspected = static () => throw new InvalidTimeZoneException("a bug") };

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _house.Pipeline.AdmitAsync(call, CancellationToken.None).AsTask());
        await AssertPlaceIsFreeAsync();
    }

    [Fact]
    public async Task Failure_GivesThePlaceBack_WhenTheStreamHasABug()
    {
        _house.Stream.Fault = static _ => new InvalidTimeZoneException("a bug");

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _house.Pipeline.AdmitAsync(TextCall.Of(PermitAll), CancellationToken.None).AsTask());
        _house.Stream.Fault = static _ => null;
        await AssertPlaceIsFreeAsync();
    }

    [Fact]
    public async Task List_NamesOnlyWhatMayBeUsed_UnderOneDecision()
    {
        const string policy = """@id("m") permit (principal, action, resource == Proofgate::Model::"m");""";
        var listed = new List<EntityUid>();
        var models = new[] { Vocabulary.Model("m", "p", "r", 1, false), Vocabulary.Model("hidden", "p", "r", 1, false) };
        var ruling = await _house.Pipeline.ListAsync(TextCall.Of(policy), models, listed, CancellationToken.None);
        await using (Assert.IsType<Ruling<TextCall>.Admitted>(ruling).Call)
        {
            Assert.Equal([models[0].Uid], listed);
            Assert.Equal(
                [("m", true), ("hidden", false)], _house.Stream.Single<DecisionEvent>().Decision.Questions.Select(static q => (q.Resource, q.Allowed)));
            var busy = await _house.Pipeline.ListAsync(TextCall.Of(policy), models, [], CancellationToken.None);
            Assert.Equal(429, Assert.IsType<Ruling<TextCall>.Refused>(busy).Refusal.Status);
        }

        _house.Stream.Fault = static e => e is DecisionEvent ? new AuditUnavailableException("down") : null;
        var down = await _house.Pipeline.ListAsync(TextCall.Of(policy), models, [], CancellationToken.None);
        Assert.Equal("audit_unavailable", Assert.IsType<Ruling<TextCall>.Refused>(down).Refusal.Code);
        _house.Stream.Fault = static _ => null;
        await AssertPlaceIsFreeAsync();
    }

    /// <summary>One call at a time is allowed here: a place that was not given back would refuse this one.</summary>
    private async Task AssertPlaceIsFreeAsync() => await (await _house.AdmitAsync(TextCall.Of(PermitAll))).DisposeAsync();

    [Fact]
    public async Task Refusals_AreCounted_WhenOneCredentialCausesTooMany()
    {
        using var house = new House(new AdmissionOptions { RequestsPerMinute = 100_000 });
        for (var i = 0; i < 130; i++)
        {
            Assert.Equal(403, (await house.RefuseAsync(TextCall.Of("""@id("none") forbid (principal, action, resource);"""))).Status);
        }

        Assert.Equal(120, house.Stream.Acknowledged.OfType<RefusalEvent>().Count());
        Assert.Equal(10, house.Stream.Counted.Count);
    }
}
