using Proofgate.Cedar;
using Proofgate.Cedar.Explaining;
using Proofgate.Policy;

namespace Proofgate.Cli.Output;

/// <summary>What <c>policy explain --json</c> prints.</summary>
internal sealed record PolicyExplanationDocument
{
    public required string Digest { get; init; }

    /// <summary>What was asked, in words.</summary>
    public required string Question { get; init; }

    public required PolicyAnswer Answer { get; init; }

    /// <summary>What the caller is told.</summary>
    public required string Reason { get; init; }

    /// <summary>What report-only policies would have made of it; absent where none applied.</summary>
    public PolicyAnswer? Report { get; init; }

    /// <summary>Who calls, then each who acts for the caller: all must be allowed.</summary>
    public required IReadOnlyList<Principal> Principals { get; init; }

    /// <param name="Nearest">Where no permit applied: ids of permits, those with the fewest unmet parts first.</param>
    internal sealed record Principal(string Uid, bool Allowed, IReadOnlyList<Explained> Policies, IReadOnlyList<string> Nearest);

    /// <param name="Outcome"><c>satisfied</c>, <c>out_of_scope</c>, <c>not_met</c> or <c>failed</c>.</param>
    internal sealed record Explained(
        string Id, string Effect, string? File, int Line, int Column, string Outcome, IReadOnlyList<Mismatch> Scope, IReadOnlyList<Condition> Conditions);

    internal sealed record Mismatch(string Constraint, string Actual, IReadOnlyList<string> Ancestors);

    internal sealed record Condition(
        bool Unless, int Line, int Column, string Text, string? Failure, int? FailedLine, int? FailedColumn, IReadOnlyList<Cause> Causes);

    internal sealed record Cause(int Line, int Column, string Text, bool Value, IReadOnlyList<Observation> Observed);

    internal sealed record Observation(string Text, string Value);

    internal static PolicyExplanationDocument Of(
        string question, Decision decision, IReadOnlyList<(EntityUid Principal, Explanation Explanation)> explanations) => new()
        {
            Digest = decision.PolicyDigest,
            Question = question,
            Answer = PolicyAnswer.Of(decision),
            Reason = decision.Reason,
            Report = decision.Report is { } report ? new PolicyAnswer(report.Allowed, report.Policies, []) : null,
            Principals = [.. explanations.Select(static e => new Principal(
                e.Principal.ToString(),
                e.Explanation.Answer.Allowed && !e.Explanation.Answer.Errors.Any(static x => x.Effect == Effect.Forbid),
                [.. e.Explanation.Policies.Select(Of)],
                [.. e.Explanation.NearestPermits.Select(static p => p.Policy.Id)]))],
        };

    private static Explained Of(PolicyExplanation explanation) => new(
        explanation.Policy.Id,
        explanation.Policy.Effect == Effect.Permit ? "permit" : "forbid",
        explanation.Policy.FileName,
        explanation.Policy.Position.Line,
        explanation.Policy.Position.Column,
        explanation.Outcome switch
        {
            PolicyOutcome.Satisfied => "satisfied",
            PolicyOutcome.OutOfScope => "out_of_scope",
            PolicyOutcome.NotMet => "not_met",
            _ => "failed",
        },
        [.. explanation.Scope.Select(static s => new Mismatch(s.Constraint, s.Actual.ToString(), [.. s.Ancestors.Select(static a => a.ToString())]))],
        [.. explanation.Conditions.Select(static c => new Condition(
            c.IsUnless, c.Position.Line, c.Position.Column, c.Text, c.Failure, c.FailedAt?.Line, c.FailedAt?.Column,
            [.. c.Causes.Select(static x => new Cause(
                x.Position.Line, x.Position.Column, x.Text, x.Value, [.. x.Observed.Select(static o => new Observation(o.Text, o.Value))]))]))]);
}
