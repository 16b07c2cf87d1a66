namespace Proofgate.Identity.ApiKeys;

/// <summary>Records what a rotation does (K9), at the moments that make a key without an event impossible.</summary>
public interface IRotationWitness
{
    /// <summary>The successor exists and nobody has seen it; the old key is as it was. If this throws, the successor is revoked and nothing has changed.</summary>
    Task BeginsAsync(ApiKeyRecord old, ApiKeyRecord successor);

    /// <summary>The rotation came to nothing, and the successor that was recorded has been revoked.</summary>
    Task AbandonedAsync(ApiKeyRecord successor);
}
