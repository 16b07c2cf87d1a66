using Microsoft.Extensions.Logging;

namespace Proofgate.Identity.Denials;

/// <summary>This instance's copy of the deny list. The change feed says when to read it again, and how old it is (<see cref="Revocation.FeedClock"/>).</summary>
internal sealed class DenyList(IDenyStore store, TimeProvider time, ILogger<DenyList> log) : IDisposable
{
    /// <summary>A second line behind the change feed, should a writer's clock be so wrong that a change is never seen.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile DenySnapshot _snapshot = DenySnapshot.Empty;
    private long _readAt = long.MinValue;

    /// <summary>Whether the list must be read although the feed tells of no change.</summary>
    internal bool IsDue => Volatile.Read(ref _readAt) is var at && (at == long.MinValue || time.GetElapsedTime(at) >= Lifetime);

    internal bool Denies(Caller caller) => _snapshot.Denies(caller, time.GetUtcNow());

    /// <summary>Reads the list; one reader at a time, so that an older reading never replaces a newer one.</summary>
    /// <exception cref="Exception">The store is out of reach; the list stays as it was.</exception>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var startedAt = time.GetTimestamp();
            var entries = await store.ReadAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            _snapshot = new DenySnapshot(entries);
            Volatile.Write(ref _readAt, startedAt);
            log.DenyListRead(entries.Count);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();
}
