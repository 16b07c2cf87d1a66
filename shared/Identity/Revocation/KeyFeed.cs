using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;

namespace Proofgate.Identity.Revocation;

/// <summary>One read of the change feed and what follows from it.</summary>
internal sealed class KeyFeed(IApiKeyStore store, ApiKeyCache cache, DenyList denials, CallerMonitor monitor, FeedClock clock, TimeProvider time)
{
    /// <summary>Each window reaches this far back beyond the last read, so that writers' clocks may differ by as much.
    /// It also meets the stream that was authenticated just before a change and watched just after: it is checked at the next read.</summary>
    internal static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private HashSet<string> _denyMarks = [];
    private DateTimeOffset? _last;

    /// <summary>Not for two callers at once.</summary>
    /// <exception cref="Exception">The store is out of reach; nothing counts as read.</exception>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var now = time.GetUtcNow();

        // A clock that was set back must not leave a hole.
        var since = (_last is { } last && last < now ? last : now) - Overlap;
        var changed = await store.ReadChangesAsync(since, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        cache.Drop(changed.Keys);
        await monitor.RecheckAsync(changed.Keys, cancellationToken).ConfigureAwait(false);
        await ReadDenialsAsync(changed.DenyMarks, cancellationToken).ConfigureAwait(false);
        _last = now;
        clock.MarkRead(startedAt);
    }

    /// <summary>Windows overlap, so each change is seen several times; the list is read for it once, after its mark was seen and so with the change in it.</summary>
    private async Task ReadDenialsAsync(IReadOnlyList<string> marks, CancellationToken cancellationToken)
    {
        if (denials.IsDue || marks.Any(m => !_denyMarks.Contains(m)))
        {
            await denials.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        _denyMarks = [.. marks];
        monitor.RecheckDenied();
    }
}
