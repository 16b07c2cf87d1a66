using Proofgate.Audit.Events;
using Proofgate.Protection;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests;

/// <summary>A decision is relied on for its lifetime only: an open call whose question would by now be answered otherwise ends.</summary>
public sealed class StandingTests : IDisposable
{
    // The tests begin on a Monday at 9:30 UTC.
    private const string WorkingHours =
        """@id("hours") permit (principal, action == Proofgate::Action::"infer", resource) when { context.minuteOfDay < 600 };""";

    private const string SeenInWorkingHours =
        """
        @id("all") permit (principal, action == Proofgate::Action::"infer", resource);
        @id("seen") permit (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"IBAN") when { context.minuteOfDay < 600 };
        """;

    private readonly House _house = new();

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData(WorkingHours)]
    [InlineData(SeenInWorkingHours)]
    public async Task Call_Ends_WhenPolicyNoLongerAllowsItOrWhatItShows(string policies)
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(policies) with { Answers = true });
        _house.Time.Advance(TimeSpan.FromMinutes(25));
        Assert.False(admitted.Revoked.IsCancellationRequested);

        _house.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(admitted.Revoked.IsCancellationRequested);
        Assert.True(admitted.RefusedByPolicy);
    }

    [Fact]
    public async Task Call_GoesOn_WhileItsQuestionHasTheSameAnswer()
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of("""@id("all") permit (principal, action, resource);""") with { Answers = true });
        _house.Time.Advance(TimeSpan.FromHours(5));

        Assert.False(admitted.Revoked.IsCancellationRequested);
        Assert.Contains(new Kind("IBAN"), admitted.Redaction.Revealed);
        Assert.Single(_house.Stream.Acknowledged.OfType<DecisionEvent>());
    }

    [Fact]
    public async Task Call_IsAskedAboutAfterTheBundlesLifetime_NotBefore()
    {
        await using var admitted = await _house.AdmitAsync(
            TextCall.Of(WorkingHours.Replace("600", "571", StringComparison.Ordinal), manifest: """{ "name": "test", "decisionLifetime": 90 }"""));
        _house.Time.Advance(TimeSpan.FromSeconds(89));
        Assert.False(admitted.Revoked.IsCancellationRequested);
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(admitted.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task Call_EndsByItsCredential_WithoutBlamingPolicy()
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(WorkingHours));
        _house.Revocation.Revoke();

        Assert.True(admitted.Revoked.IsCancellationRequested);
        Assert.False(admitted.RefusedByPolicy);
    }

    [Fact]
    public async Task Standing_LetsGoOfTimerAndWatch_WhenTheCallEnds()
    {
        var admitted = await _house.AdmitAsync(TextCall.Of(WorkingHours));
        await admitted.DisposeAsync();

        Assert.Equal(0, _house.Revocation.Open);
        _house.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(admitted.RefusedByPolicy);
    }

    [Fact]
    public async Task Report_StandsBesideTheDecisionAndItsQuestions_InTheLedger()
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(
            """
            @id("all") permit (principal, action, resource);
            @id("trial") @mode("report") forbid (principal, action in [Proofgate::Action::"infer", Proofgate::Action::"reveal"], resource);
            """) with
        { Answers = true });

        var decision = _house.Stream.Single<DecisionEvent>().Decision;
        Assert.True(decision.Allowed);
        var reports = decision.Questions.Where(static q => q.Action == "report").ToList();
        Assert.All(reports, static r => Assert.Equal((false, "trial"), (r.Allowed, Assert.Single(r.Policies))));
        Assert.Equal("infer", reports[0].Resource);
        Assert.Contains("reveal/IBAN", reports.Select(static r => r.Resource));
    }
}
