namespace Proofgate.Identity.ApiKeys;

/// <summary>What came of binding a key to a key pair (K4).</summary>
public abstract record ApiKeyBinding
{
    private ApiKeyBinding()
    {
    }

    public sealed record Bound(ApiKeyRecord Record) : ApiKeyBinding;

    public sealed record NotFound : ApiKeyBinding;

    public sealed record NotActive(ApiKeyRecord Record) : ApiKeyBinding;

    /// <summary>A binding is for life: a key for another key pair is another key.</summary>
    public sealed record AlreadyBound : ApiKeyBinding;
}
