namespace Proofgate.Policy;

/// <summary>Told before a bundle decides its first call, and when one is refused. Implemented above this room, where the audit stream is.</summary>
public interface IActivationRecorder
{
    /// <summary>Completes when the activation is durable; a bundle that cannot be recorded is not activated.</summary>
    Task ActivatingAsync(string digest, string? previousDigest, CancellationToken cancellationToken);
}
