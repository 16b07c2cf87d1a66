namespace Proofgate.Identity;

/// <summary>The proofs that were used, on every instance (D14).</summary>
public interface IProofReplayStore
{
    /// <summary>
    /// One conditional insert, which alone decides: of any number of instances that try at once, one is told that it is the first. Remembered
    /// for as long as the proof could be used at least.
    /// </summary>
    /// <returns>False if the proof was used before.</returns>
    /// <exception cref="IOException">The store is out of reach. Whether the use was noted is unknown.</exception>
    Task<bool> TryInsertAsync(ProofUse use, CancellationToken cancellationToken);
}
