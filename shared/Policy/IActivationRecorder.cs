namespace Proofgate.Policy;

/// <summary>Told before a bundle decides its first call, and when one is refused. Implemented above this room, where the audit stream is.</summary>
public interface IActivationRecorder
{
    /// <summary>Completes when the act is durable; a bundle whose activation cannot be recorded is not activated.</summary>
    /// <param name="act">What happens.</param>
    /// <param name="digest">The bundle that it happens to.</param>
    /// <param name="previousDigest">The bundle that decides until then; null: none.</param>
    /// <param name="cancellationToken">The host stops.</param>
    Task RecordAsync(PolicyAct act, string digest, string? previousDigest, CancellationToken cancellationToken);
}
