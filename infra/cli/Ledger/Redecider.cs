using Proofgate.Audit.Events;
using Proofgate.Audit.Verification;
using Proofgate.Cli.Policies;

namespace Proofgate.Cli.Ledger;

/// <summary>
/// Decides every recorded decision that it is shown again, under the bundle that it names. What cannot be opened (erased people, requests that did not become a call) and
/// decisions of bundles that are not at hand are counted. It keeps counts and no event.
/// </summary>
/// <param name="opener">Opens requests.</param>
/// <param name="bundles">What decides.</param>
/// <param name="atMost">Findings that are listed.</param>
/// <param name="isOptional">Nobody asked for it: where keys are out of reach it gives up, and the verification goes on.</param>
internal sealed class Redecider(DecisionOpener opener, BundleShelf bundles, int atMost, bool isOptional) : IEventObserver
{
    private readonly List<VerificationDocument.Finding> _findings = [];
    private long _same;
    private long _differing;
    private long _sealed;
    private long _other;
    private bool _gaveUp;

    public void Restart()
    {
        (_same, _differing, _sealed, _other, _gaveUp) = (0, 0, 0, 0, false);
        _findings.Clear();
    }

    public async ValueTask SeeAsync(ReadEvent read, CancellationToken cancellationToken)
    {
        if (_gaveUp || DecisionOpener.RecordOf(read) is not { } record)
        {
            return;
        }

        try
        {
            await DecideAsync(read, record, cancellationToken);
        }
        catch (Exception unreachable) when (isOptional && DecisionOpener.IsOutage(unreachable))
        {
            _gaveUp = true;
        }
    }

    /// <summary>Adds to a report what was found; what was given up adds nothing.</summary>
    internal VerificationDocument AddTo(VerificationDocument report) => _gaveUp
        ? report
        : report.With(new Redecision { Same = _same, Differing = _differing, Sealed = _sealed, OtherBundles = _other }, _findings);

    private async Task DecideAsync(ReadEvent read, DecisionRecord record, CancellationToken cancellationToken)
    {
        if (await opener.OpenAsync(read, record, cancellationToken) is not { } decision)
        {
            _sealed++;
        }
        else if (await bundles.FindAsync(record.PolicyDigest, cancellationToken) is not { } bundle)
        {
            _other++;
        }
        else if (decision.DifferencesFrom(bundle) is { Count: > 0 } differences)
        {
            _differing++;
            if (_findings.Count < atMost)
            {
                _findings.Add(Finding(read.Event.Id.ToString(), differences));
            }
        }
        else
        {
            _same++;
        }
    }

    private static VerificationDocument.Finding Finding(string auditId, IReadOnlyList<string> differences) => new(
        VerificationDocument.Name(VerificationCode.DecisionDiffers), (int)VerificationCode.DecisionDiffers, string.Empty, null,
        $"decision {auditId}, decided again: {string.Join("; ", differences)}");
}
