using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Recording;

/// <summary>A bundle decides nothing before the ledger's stream knows of it.</summary>
internal sealed class ActivationRecorder(IAuditStream stream, TimeProvider time) : IActivationRecorder
{
    public async Task RecordAsync(PolicyAct act, string digest, string? previousDigest, CancellationToken cancellationToken) => await stream.PublishAsync(
        new PolicyEvent
        {
            Id = AuditId.New(time),
            Time = time.GetUtcNow(),
            Act = act switch
            {
                PolicyAct.Activated => "activated",
                PolicyAct.RolledBack => "rolled_back",
                PolicyAct.Rejected => "rejected",
                _ => throw new ArgumentOutOfRangeException(nameof(act)),
            },
            Digest = digest,
            PreviousDigest = previousDigest,
        },
        cancellationToken);
}
