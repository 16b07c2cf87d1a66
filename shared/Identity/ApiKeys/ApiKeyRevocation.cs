namespace Proofgate.Identity.ApiKeys;

/// <summary>What came of revoking a key.</summary>
public abstract record ApiKeyRevocation
{
    private ApiKeyRevocation()
    {
    }

    /// <summary>Not <paramref name="WasActive"/>: it had been revoked before, and nothing changed.</summary>
    public sealed record Revoked(ApiKeyRecord Record, bool WasActive) : ApiKeyRevocation;

    public sealed record NotFound : ApiKeyRevocation;
}
