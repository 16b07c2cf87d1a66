using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Recording;

/// <summary>A bundle decides nothing before the ledger's stream knows of it.</summary>
internal sealed class ActivationRecorder(IAuditStream stream, TimeProvider time) : IActivationRecorder
{
    public async Task ActivatingAsync(string digest, string? previousDigest, CancellationToken cancellationToken) =>
        await stream.PublishAsync(
            new PolicyEvent { Id = AuditId.New(time), Time = time.GetUtcNow(), Act = "activated", Digest = digest, PreviousDigest = previousDigest },
            cancellationToken);
}
