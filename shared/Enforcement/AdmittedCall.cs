using System.Security.Cryptography;
using Proofgate.Audit;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Recording;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>
/// A call that policy allows and whose decision is durable: the only thing that upstreams and connectors accept. It must end in exactly
/// one outcome; disposing it without one records that the gateway failed.
/// </summary>
public sealed class AdmittedCall<TCall> : IAsyncDisposable
    where TCall : Call
{
    private readonly Reservation _reservation;
    private readonly OutcomeRecorder _outcomes;
    private readonly IncrementalHash _answer;
    private readonly Standing _standing;
    private readonly long _started;
    private int _ended;

    internal AdmittedCall(
        TCall call, AuditReceipt receipt, long label, Sight sight, Reservation reservation, OutcomeRecorder outcomes,
        IncrementalHash answer, Standing standing, long started)
    {
        (Call, Receipt, Label, Sight) = (call, receipt, label, sight);
        (_reservation, _outcomes, _answer, _standing, _started) = (reservation, outcomes, answer, standing, started);
    }

    public TCall Call { get; }

    public AuditId Id => Call.Id;

    /// <summary>What the audit stream acknowledged.</summary>
    public AuditReceipt Receipt { get; }

    /// <summary>Rank of the label on which the call was decided.</summary>
    public long Label { get; }

    /// <summary>What the caller may see.</summary>
    public Sight Sight { get; }

    /// <summary>Which kinds the caller may see in the answer.</summary>
    public RedactionPlan Redaction => Sight.Redaction;

    /// <summary>
    /// Fires when the caller's credential is revoked or expires, or can no longer be checked, or policy does not allow the call any more: then
    /// nothing more may be released.
    /// </summary>
    public CancellationToken Revoked => _standing.Ended;

    /// <summary>Whether it was policy that ended the call, and not the credential.</summary>
    public bool RefusedByPolicy => _standing.RefusedByPolicy;

    /// <summary>Adds released bytes to the digest that the outcome records.</summary>
    public void DigestAnswer(ReadOnlySpan<byte> released) => _answer.AppendData(released);

    /// <summary>Records how the call ended, and settles its reservation. Waits for the audit stream, on its own time, and never throws.</summary>
    public async ValueTask CompleteAsync(CallOutcome outcome)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        var (input, output) = (outcome.InputTokens ?? 0, outcome.OutputTokens ?? 0);
        _reservation.Settle(input + output, Call.CostOf(input, output), known: outcome.OutputTokens is not null);
        await _outcomes.RecordAsync(Call, outcome, _answer, _started);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CompleteAsync(new CallOutcome { Result = "gateway_failed", Status = 500 });
        }
        finally
        {
            // Whatever a stream does: a place that is not given back is lost until the process ends.
            _reservation.Dispose();
            _standing.Dispose();
            _answer.Dispose();
        }
    }
}
