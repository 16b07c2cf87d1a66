using Proofgate.Identity.Revocation;

namespace Proofgate.Identity;

/// <summary>For <c>/readyz</c>: whether credentials can be checked now.</summary>
public sealed class IdentityHealth
{
    private readonly FeedClock _clock;

    internal IdentityHealth(FeedClock clock) => _clock = clock;

    /// <summary>False: every call is answered 503.</summary>
    public bool Ready => _clock.IsFresh;

    /// <summary>Time since the change feed was last read; null before the first time.</summary>
    public TimeSpan? FeedAge => _clock.Age;
}
