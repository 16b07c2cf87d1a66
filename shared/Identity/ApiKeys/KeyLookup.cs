namespace Proofgate.Identity.ApiKeys;

/// <summary>What came of asking the store for a key.</summary>
internal abstract record KeyLookup
{
    private KeyLookup()
    {
    }

    internal static KeyLookup OutOfReach { get; } = new Unavailable();

    /// <param name="Key">Null: there is no such key.</param>
    internal sealed record Answered(CachedKey? Key) : KeyLookup;

    internal sealed record Limited(TimeSpan RetryAfter) : KeyLookup;

    internal sealed record Unavailable : KeyLookup;
}
