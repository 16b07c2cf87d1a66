namespace Proofgate.Identity.ApiKeys;

/// <summary>What came of rotating a key (K5).</summary>
public abstract record ApiKeyRotation
{
    private ApiKeyRotation()
    {
    }

    /// <summary>The new key is to be shown once.</summary>
    /// <param name="Key">The successor's key.</param>
    /// <param name="Successor">Its record.</param>
    /// <param name="Retired">The old key's record, which ends with the overlap.</param>
    public sealed record Rotated(ApiKey Key, ApiKeyRecord Successor, ApiKeyRecord Retired) : ApiKeyRotation;

    public sealed record NotFound : ApiKeyRotation;

    /// <summary>Revoked or expired: such a key has no successor, somebody has to ask for a new one.</summary>
    public sealed record NotActive(ApiKeyRecord Record) : ApiKeyRotation;

    /// <summary>It was rotated before, and the key that came of it is alive.</summary>
    public sealed record HasSuccessor(KeyId Successor) : ApiKeyRotation;
}
