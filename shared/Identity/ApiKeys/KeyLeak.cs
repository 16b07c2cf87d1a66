namespace Proofgate.Identity.ApiKeys;

/// <summary>What a reported key turned out to be (K7). For us alone: who reports is told nothing of it.</summary>
public abstract record KeyLeak
{
    private KeyLeak()
    {
    }

    /// <summary>It was genuine and in use until now.</summary>
    public sealed record Revoked(ApiKeyRecord Record) : KeyLeak;

    /// <summary>Malformed, unknown, wrong, or revoked before: there is nothing to do.</summary>
    public sealed record Nothing : KeyLeak;

    /// <summary>The store of keys is out of reach: nobody can say, and whoever reports should come again.</summary>
    public sealed record Unavailable : KeyLeak;
}
