using System.Security.Cryptography;
using Proofgate.Audit;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Provenance;
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
    private Reservation? _reservation;
    private Preparation? _preparation;
    private readonly OutcomeRecorder _outcomes;
    private readonly IncrementalHash _answer;
    private readonly Standing _standing;
    private int _ended;

    internal AdmittedCall(
        TCall call, AuditReceipt receipt, long label, Sight sight, Preparation? preparation, Reservation reservation, OutcomeRecorder outcomes,
        IncrementalHash answer, Standing standing, long started)
    {
        (Call, Receipt, Label, Sight, _preparation) = (call, receipt, label, sight, preparation);
        (_reservation, _outcomes, _answer, _standing, Started) = (reservation, outcomes, answer, standing, started);
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

    /// <summary>The session that the call is of, which has reached <see cref="Label"/>; null where it is of none.</summary>
    public SessionId? Session => _preparation?.Session?.Id;

    /// <summary>What its answer may come from.</summary>
    internal DatasetUnion Datasets => DatasetUnion.Of(Call, _preparation?.Grounding, Sight.Rows);

    /// <summary>Leave to have the answer looked at by a recogniser; null where none is to.</summary>
    public Recognition? Recognition => _preparation?.Recognition;

    /// <summary>
    /// Fires when the caller's credential is revoked or expires, or can no longer be checked, or policy does not allow the call any more: then
    /// nothing more may be released.
    /// </summary>
    public CancellationToken Revoked => _standing.Ended;

    /// <summary>Whether it was policy that ended the call, and not the credential.</summary>
    public bool RefusedByPolicy => _standing.RefusedByPolicy;

    internal Session? OfSession { get; }

    /// <summary>Timestamp at which the call came in; one that takes another's place has that one's.</summary>
    internal long Started { get; }

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
        _reservation?.Settle(input + output, Call.CostOf(input, output), known: outcome.OutputTokens is not null);
        await _outcomes.RecordAsync(Call, outcome, _answer, Started);
    }

    /// <exception cref="InvalidOperationException">Another call has taken its place.</exception>
    internal Reservation Reservation => _reservation ?? throw new InvalidOperationException("A call that was replaced holds nothing.");

    /// <summary>Gives what the call holds to the one that takes its place, so that it is settled once. From then on this call settles nothing.</summary>
    /// <exception cref="InvalidOperationException">The call has ended, or was replaced already.</exception>
    internal Reservation HandOver() =>
        Volatile.Read(ref _ended) == 0 && Interlocked.Exchange(ref _reservation, null) is { } reservation
            ? reservation
            : throw new InvalidOperationException("A call that has ended holds nothing.");

    /// <summary>What was found out about the call, for the one that takes its place.</summary>
    internal Preparation? Prepared => _preparation;

    /// <summary>Gives that over, so that it is ended once.</summary>
    internal void HandOverPreparation() => _preparation = null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CompleteAsync(new CallOutcome { Result = "gateway_failed", Status = 500 });
            if (_preparation is not null)
            {
                await _preparation.DisposeAsync();
            }
        }
        finally
        {
            // Whatever a stream does: a place that is not given back is lost until the process ends.
            _reservation?.Dispose();
            _standing.Dispose();
            _answer.Dispose();
        }
    }
}
