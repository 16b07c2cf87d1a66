namespace Proofgate.Identity.ApiKeys;

/// <summary>What came of asking for a new key.</summary>
public abstract record ApiKeyCreation
{
    private ApiKeyCreation()
    {
    }

    /// <summary>The key is to be shown once: nobody can make it appear again.</summary>
    public sealed record Created(ApiKey Key, ApiKeyRecord Record) : ApiKeyCreation;

    /// <param name="Problems">At least one sentence, each naming the member that it is about.</param>
    public sealed record Invalid(IReadOnlyList<string> Problems) : ApiKeyCreation;

    /// <summary>From <see cref="ApiKeyService.InitializeAsync"/> alone: the first administrator exists.</summary>
    public sealed record AlreadyInitialized : ApiKeyCreation;
}
