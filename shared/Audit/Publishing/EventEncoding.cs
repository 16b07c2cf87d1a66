using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Publishing;

/// <summary>From an event to the bytes of its tail.</summary>
internal static class EventEncoding
{
    internal static async ValueTask<PooledBuffer> TailAsync(AuditEvent auditEvent, PersonalSealer sealer, CancellationToken cancellationToken)
    {
        SealedPart? personal = null;
        if (auditEvent.Personal is { } part)
        {
            try
            {
                personal = await sealer.SealAsync(part, auditEvent.Id, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException and not AuditUnavailableException)
            {
                throw new AuditUnavailableException("The personal part of an event could not be sealed: the key table is out of reach or damaged.", e);
            }
        }

        var tail = new PooledBuffer(2048);
        EventWriter.WriteTail(tail, auditEvent, personal);
        if (tail.Length <= EventLimits.MaxEventBytes - EventLimits.MaxHeadBytes)
            return tail;
        var length = tail.Length;
        tail.Dispose();
        throw new ArgumentException($"An event of {length} bytes is over the limit of {EventLimits.MaxEventBytes}.", nameof(auditEvent));
    }
}
