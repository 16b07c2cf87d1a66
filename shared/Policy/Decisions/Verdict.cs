using Proofgate.Cedar;

namespace Proofgate.Policy.Decisions;

/// <summary>Turns Cedar's answer into ours, which is stricter: a forbid that could not be evaluated refuses.</summary>
internal static class Verdict
{
    private const string NothingPermits = "No policy permits this.";
    private const string BrokenForbid = "A policy that could forbid this could not be evaluated.";

    internal static Decision From(Authorization answer, PolicyBundle bundle, DateTimeOffset until)
    {
        var brokenForbids = answer.Errors.Where(static e => e.Effect == Effect.Forbid).Select(static e => e.PolicyId).ToList();
        var allowed = answer.Allowed && brokenForbids.Count == 0;
        return new Decision
        {
            Allowed = allowed,
            Policies = answer.Allowed && !allowed ? brokenForbids : answer.Determining,
            Errors = answer.Errors.Count == 0 ? [] : [.. answer.Errors.Select(static e => e.PolicyId)],
            Reason = allowed ? string.Empty : answer.Allowed ? BrokenForbid : ReasonOf(answer, bundle),
            ValidUntil = until,
            PolicyDigest = bundle.Digest,
        };
    }

    internal static bool HasBrokenForbid(Authorization answer) => answer.Errors.Any(static e => e.Effect == Effect.Forbid);

    private static string ReasonOf(Authorization answer, PolicyBundle bundle)
    {
        foreach (var id in answer.Determining)
        {
            if (bundle.ReasonOf(id) is { } reason)
            {
                return reason;
            }
        }

        return answer.Determining.Count > 0 ? "A policy forbids this." : NothingPermits;
    }
}
