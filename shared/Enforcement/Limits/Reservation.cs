using System.Threading.RateLimiting;

namespace Proofgate.Enforcement.Limits;

/// <summary>What a call holds while it is open.</summary>
internal sealed class Reservation(RateLimitLease instance, RateLimitLease open, TokenCounter? tokens, long reserved) : IDisposable
{
    private TokenCounter? _tokens = tokens;

    /// <summary>Replaces the estimate by what was used. Where that is not known the estimate stands.</summary>
    internal void Settle(long used, bool known)
    {
        if (Interlocked.Exchange(ref _tokens, null) is { } counter && known)
        {
            counter.Add(used - reserved);
        }
    }

    public void Dispose()
    {
        // Never settled: nothing was executed.
        Settle(0, known: true);
        open.Dispose();
        instance.Dispose();
    }
}
