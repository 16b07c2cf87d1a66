using Proofgate.Cedar;

namespace Proofgate.Policy.Decisions;

/// <summary>Asks one question for each principal: who calls and everybody who acts for the caller must all be allowed.</summary>
internal static class Jury
{
    /// <summary>The first who is refused explains.</summary>
    internal static Decision Judge(PolicyBundle bundle, ReadOnlySpan<Request> requests, IReadOnlyList<Entities> entities, DateTimeOffset until)
    {
        Decision? decision = null;
        for (var i = 0; i < requests.Length; i++)
        {
            var next = Verdict.From(bundle.Policies.Evaluate(requests[i], entities[i]), bundle, until);
            decision = decision is null || !next.Allowed ? next : Both(decision, next);
            if (!next.Allowed)
            {
                break;
            }
        }

        return bundle.ReportOnly is { } reporting && Report(bundle.Policies, reporting, requests, entities) is { } report
            ? decision! with { Report = report }
            : decision!;
    }

    private static Decision Both(Decision first, Decision second) =>
        first with { Policies = [.. first.Policies.Union(second.Policies)], Errors = [.. first.Errors.Union(second.Errors)] };

    /// <summary>Null where no report-only policy applied to any of the requests.</summary>
    private static ReportedDecision? Report(PolicySet enforcing, PolicySet reporting, ReadOnlySpan<Request> requests, IReadOnlyList<Entities> entities)
    {
        List<string>? applied = null;
        var allowed = true;
        for (var i = 0; i < requests.Length; i++)
        {
            var enforced = enforcing.Evaluate(requests[i], entities[i]);
            var reported = reporting.Evaluate(requests[i], entities[i]);
            var broken = reported.Errors.Where(static e => e.Effect == Effect.Forbid).Select(static e => e.PolicyId);
            var forbidden = !reported.Allowed && reported.Determining.Count > 0;
            allowed &= (enforced.Allowed && !Verdict.HasBrokenForbid(enforced)) || (reported.Allowed && enforced.Determining.Count == 0 && !Verdict.HasBrokenForbid(enforced));
            allowed &= !forbidden && !Verdict.HasBrokenForbid(reported);
            foreach (var id in reported.Determining.Concat(broken))
            {
                if (!(applied ??= []).Contains(id))
                {
                    applied.Add(id);
                }
            }
        }

        return applied is null ? null : new ReportedDecision(allowed, applied);
    }
}
