using Proofgate.Audit.Verification;
using Proofgate.Policy;

namespace Proofgate.Cli.Ledger;

/// <summary>
/// Decides every recorded decision again, under the bundle that it names. What a source or a prompt held is attested, not decided again; what cannot be opened
/// (erased people, requests that did not become a call) and decisions of bundles that are not at hand are counted.
/// </summary>
internal sealed record Redecision
{
    /// <summary>Decided again with the recorded answer.</summary>
    public required long Same { get; init; }

    /// <summary>Decided again with another answer.</summary>
    public required long Differing { get; init; }

    /// <summary>Cannot be opened.</summary>
    public required long Sealed { get; init; }

    /// <summary>Made by a bundle that was not given.</summary>
    public required long OtherBundles { get; init; }

    internal static async Task<(Redecision Result, IReadOnlyList<VerificationDocument.Finding> Findings)> RunAsync(
        LedgerDecisions decisions, IReadOnlyDictionary<string, PolicyBundle> bundles, int atMost, CancellationToken cancellationToken)
    {
        long same = 0, differing = 0, closed = 0, other = 0;
        var findings = new List<VerificationDocument.Finding>();
        await foreach (var (read, decision) in decisions.ReadAsync(cancellationToken))
        {
            if (decision is null)
            {
                closed++;
            }
            else if (!bundles.TryGetValue(decision.Recorded.PolicyDigest, out var bundle))
            {
                other++;
            }
            else if (decision.DifferencesFrom(bundle) is { Count: > 0 } differences)
            {
                differing++;
                if (findings.Count < atMost)
                {
                    findings.Add(Finding(read.Event.Id.ToString(), differences));
                }
            }
            else
            {
                same++;
            }
        }

        return (new Redecision { Same = same, Differing = differing, Sealed = closed, OtherBundles = other }, findings);
    }

    private static VerificationDocument.Finding Finding(string auditId, IReadOnlyList<string> differences) => new(
        VerificationDocument.Name(VerificationCode.DecisionDiffers), (int)VerificationCode.DecisionDiffers, string.Empty, null,
        $"decision {auditId}, decided again: {string.Join("; ", differences)}");
}
