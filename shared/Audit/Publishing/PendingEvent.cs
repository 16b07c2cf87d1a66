using Proofgate.Audit.Events;

namespace Proofgate.Audit.Publishing;

/// <summary>One event on its way: its tail, and who waits for its receipt.</summary>
internal sealed class PendingEvent(AuditId id, PooledBuffer tail, CancellationToken cancellation)
    : TaskCompletionSource<AuditReceipt>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal AuditId Id { get; } = id;

    internal PooledBuffer Tail { get; } = tail;

    /// <summary>An event whose publisher left before it was sealed is not sent.</summary>
    internal CancellationToken Cancellation { get; } = cancellation;
}
