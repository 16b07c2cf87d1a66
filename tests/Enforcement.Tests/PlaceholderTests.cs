using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Enforcement.Replay;
using Proofgate.Policy;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests;

/// <summary>What a bundle's author says of a kind in a prompt: a permit lets it go, nothing puts a placeholder for it, a forbid refuses it.</summary>
public sealed class PlaceholderTests : IDisposable
{
    private const string Manifest = """{ "name": "x", "kinds": { "US_SSN": { "label": "restricted" }, "EMAIL_ADDRESS": { "label": "internal" } } }""";
    private const string Infer = """@id("infer") permit (principal, action == Proofgate::Action::"infer", resource) when { context.label <= 1 };""";
    private const string Mail = """@id("mail") permit (principal, action == Proofgate::Action::"disclose", resource) when { context.kinds == [Proofgate::Kind::"EMAIL_ADDRESS"] };""";
    private const string Reveal = """@id("reveal") permit (principal, action == Proofgate::Action::"reveal", resource);""";
    private const string Ssn = "my number is 054-28-6917, my mail a@b.co";

    private readonly House _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Kind_ThatNothingPermits_GoesAsAPlaceholder_AndDoesNotRaiseTheLabel()
    {
        var call = TextCall.Of(Infer + Mail, Ssn, Manifest) with { Answers = true };
        await using var admitted = await _house.AdmitAsync(call);

        Assert.Matches(@"^my number is \[US_SSN_1_[0-9A-Za-z]{8}\], my mail a@b\.co$", call.Sent);
        Assert.Equal(1, admitted.Label);
        var decision = _house.Stream.Single<DecisionEvent>().Decision;
        Assert.True(decision.Allowed);
        Assert.Equal([new("US_SSN", 1L)], decision.Placeholders);
        Assert.Equal(2, decision.Kinds.Count);
        Assert.Equal([("EMAIL_ADDRESS", true), ("US_SSN", false)], Disclosures(decision));
        Assert.DoesNotContain("054", decision.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kind_ThatMayGo_RaisesTheLabel()
    {
        const string all = """@id("all") permit (principal, action == Proofgate::Action::"disclose", resource);""";
        Assert.Equal("policy_denied", (await _house.RefuseAsync(TextCall.Of(Infer + all, Ssn, Manifest))).Code);
    }

    [Fact]
    public async Task Kind_ThatAPolicyForbids_IsRefused()
    {
        const string forbid = """@id("no") forbid (principal, action == Proofgate::Action::"disclose", resource) when { context.kinds.contains(Proofgate::Kind::"US_SSN") };""";
        var call = TextCall.Of(Infer + Mail + forbid, Ssn, Manifest);
        var refusal = await _house.RefuseAsync(call);

        Assert.Equal((422, "prompt_contains_sensitive_data"), (refusal.Status, refusal.Code));
        Assert.Contains("US_SSN", refusal.Message, StringComparison.Ordinal);
        Assert.Null(call.Sent);
        var decision = _house.Stream.Single<RefusalEvent>().Decision!;
        Assert.False(decision.Allowed);
        Assert.Empty(decision.Placeholders);
    }

    [Fact]
    public async Task Kind_ThatMayNotGoAtTheLabelOfAll_IsReplaced_ThoughItMightWithoutTheOther()
    {
        const string low = """@id("low") permit (principal, action == Proofgate::Action::"disclose", resource) when { context.kinds == [Proofgate::Kind::"EMAIL_ADDRESS"] && context.label <= 1 };""";
        var call = TextCall.Of(Infer + low, Ssn, Manifest);
        await using var admitted = await _house.AdmitAsync(call);

        Assert.DoesNotContain("a@b.co", call.Sent, StringComparison.Ordinal);
        Assert.Equal(0, admitted.Label);
        Assert.Equal(2, _house.Stream.Single<DecisionEvent>().Decision.Placeholders.Count);
    }

    [Fact]
    public async Task Kind_WhereNoPlaceholderCanStand_IsRefused()
    {
        var refusal = await _house.RefuseAsync(TextCall.Of(Infer, Ssn, Manifest) with { HasNoPlace = true });

        Assert.Equal((422, "prompt_contains_sensitive_data"), (refusal.Status, refusal.Code));
        Assert.False(_house.Stream.Single<RefusalEvent>().Decision!.Allowed);
    }

    [Fact]
    public async Task Value_ComesBack_OnlyToWhoMaySeeItsKind()
    {
        await using var hidden = await _house.AdmitAsync(TextCall.Of(Infer, Ssn, Manifest) with { Answers = true });
        Assert.Empty(hidden.Redaction.Restoration!.InText);

        await using var seen = await _house.AdmitAsync(TextCall.Of(Infer + Reveal, Ssn, Manifest) with { Answers = true });
        Assert.Equal(["EMAIL_ADDRESS", "US_SSN"], seen.Redaction.Restoration!.InText.Select(static k => k.Name).Order());

        await using var nothing = await _house.AdmitAsync(TextCall.Of(Infer + Reveal, "hello", Manifest) with { Answers = true });
        Assert.Null(nothing.Redaction.Restoration);
    }

    [Theory]
    [InlineData(true, true, true, "EMAIL_ADDRESS")]
    [InlineData(false, true, true, "")]
    [InlineData(true, false, true, "")]
    [InlineData(true, true, false, "")]
    public async Task Tool_IsGivenAKind_OnlyIfItMayBeUsed_AndHaveIt_AndTheCallerMaySeeIt(bool use, bool have, bool see, string given)
    {
        var policies = Infer + (use ? """@id("use") permit (principal, action == Proofgate::Action::"useTool", resource);""" : "")
            + (have ? """@id("have") permit (principal, action == Proofgate::Action::"disclose", resource is Proofgate::Tool) when { context.kinds == [Proofgate::Kind::"EMAIL_ADDRESS"] };""" : "")
            + (see ? Reveal : "");
        var call = TextCall.Of(policies, Ssn, Manifest) with { Answers = true, ClientTools = [Vocabulary.Tool("send_mail", "mail", 1, external: true)] };
        await using var admitted = await _house.AdmitAsync(call);

        Assert.Equal(given, string.Join(",", admitted.Redaction.Restoration!.InArgumentsOf("send_mail")));
        Assert.Empty(admitted.Redaction.Restoration.InArgumentsOf("other"));
        var decision = _house.Stream.Single<DecisionEvent>();
        Assert.Contains(decision.Decision.Questions, q => q.Action == "useTool" && q.Resource == "send_mail" && q.Allowed == use);
        Assert.True(RecordedDecision.TryRead(decision.Decision, decision.Personal!.Json, out var recorded));
        Assert.Empty(recorded.DifferencesFrom(call.Bundle));
    }

    [Fact]
    public async Task AnotherTarget_GetsTheKindAsItIs_WhereItMay_AfterOneThatMayNot()
    {
        const string inside = """@id("inside") permit (principal, action == Proofgate::Action::"disclose", resource == Proofgate::Model::"inside");""";
        const string any = """@id("infer") permit (principal, action == Proofgate::Action::"infer", resource);""";
        var outer = TextCall.Of(any + inside, Ssn, Manifest) with { Answers = true };
        var inner = outer with { Id = new AuditId(Guid.CreateVersion7()), Resource = Vocabulary.Model("inside", "local", "eu", 3, external: false) };
        var first = await _house.AdmitAsync(outer);
        Assert.NotNull(first.Redaction.Restoration);
        var ruling = await _house.Pipeline.AdmitInsteadAsync(first, new CallOutcome { Result = "upstream_failed", Status = 502 }, inner, CancellationToken.None);
        await using var second = Assert.IsType<Ruling<TextCall>.Admitted>(ruling).Call;

        Assert.Contains("[US_SSN_1_", outer.Sent, StringComparison.Ordinal);
        Assert.Null(inner.Sent);
        Assert.Null(second.Redaction.Restoration);
        Assert.Equal(3, second.Label);
    }

    [Fact]
    public async Task Replay_UnderABundleThatForbidsTheKind_WouldRefuse()
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(Infer + Mail, Ssn, Manifest) with { Answers = true });
        var decision = _house.Stream.Single<DecisionEvent>();
        Assert.True(RecordedDecision.TryRead(decision.Decision, decision.Personal!.Json, out var recorded));
        Assert.Empty(recorded.DifferencesFrom(admitted.Call.Bundle));

        var stricter = TextCall.Of(Infer + Mail + """@id("no") forbid (principal, action == Proofgate::Action::"disclose", resource) when { context.kinds.contains(Proofgate::Kind::"US_SSN") };""", Ssn, Manifest);
        Assert.False(recorded.Again(stricter.Bundle).Allowed);
    }

    [Fact]
    public async Task Replay_OfARefusalForWantOfAPlace_IsTheSame()
    {
        var call = TextCall.Of(Infer, Ssn, Manifest) with { HasNoPlace = true };
        await _house.RefuseAsync(call);
        var refused = _house.Stream.Single<RefusalEvent>();
        Assert.True(RecordedDecision.TryRead(refused.Decision!, refused.Personal!.Json, out var recorded));
        Assert.Empty(recorded.DifferencesFrom(call.Bundle));
    }

    private static IEnumerable<(string Resource, bool Allowed)> Disclosures(DecisionRecord decision) =>
        decision.Questions.Where(static q => q.Action == "disclose").Select(static q => (q.Resource, q.Allowed)).Order();
}
