using Microsoft.Extensions.Logging;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;

namespace Proofgate.Identity.Revocation;

/// <summary>
/// Watches of all open streams, under one timer. The timer is not the feed's: a feed that hangs is what it has to notice.
/// </summary>
internal sealed class CallerMonitor : IRevocationSignal, IDisposable
{
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private const int ParallelReads = 16;

    private readonly ApiKeyCache _cache;
    private readonly DenyList _denials;
    private readonly FeedClock _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<CallerMonitor> _log;
    private readonly ITimer _timer;
    private readonly HashSet<Watch> _watches = [];
    private readonly Lock _gate = new();

    public CallerMonitor(ApiKeyCache cache, DenyList denials, FeedClock feed, TimeProvider time, ILogger<CallerMonitor> log)
    {
        _cache = cache;
        _denials = denials;
        _feed = feed;
        _time = time;
        _log = log;
        _timer = time.CreateTimer(static monitor => ((CallerMonitor)monitor!).Sweep(), this, Tick, Tick);
    }

    ICallerWatch IRevocationSignal.Watch(Caller caller)
    {
        var watch = new Watch(this, caller);
        lock (_gate)
        {
            _watches.Add(watch);
        }

        // The list may have been read anew between authentication and now; from here on its reader knows of this watch.
        if (Due(watch) is { } cause)
        {
            End([watch], cause);
        }
        else if (_denials.Denies(caller))
        {
            End([watch], CredentialEnd.Revoked);
        }

        return watch;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Reads again the changed keys that open streams stand on, and ends those that no longer hold.</summary>
    /// <exception cref="Exception">The store is out of reach; then the feed counts as unread.</exception>
    internal async Task RecheckAsync(IReadOnlyList<KeyId> changed, CancellationToken cancellationToken)
    {
        var watched = Watched(changed);
        await Parallel.ForEachAsync(
            watched,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (id, token) => Apply(id, (await _cache.RefreshAsync(id, token).ConfigureAwait(false))?.Record)).ConfigureAwait(false);
    }

    /// <summary>Ends the streams of callers that the deny list names by now.</summary>
    internal void RecheckDenied()
    {
        List<Watch> denied;
        lock (_gate)
        {
            denied = [.. _watches.Where(w => _denials.Denies(w.Caller))];
        }

        End(denied, CredentialEnd.Revoked);
    }

    private void Apply(KeyId id, ApiKeyRecord? record)
    {
        var revoked = new List<Watch>();
        lock (_gate)
        {
            foreach (var watch in _watches)
            {
                if (watch.Key != id)
                {
                    continue;
                }

                // A key that was bound since (K4) holds no longer for a stream that proved nothing.
                if (record is not { State: ApiKeyState.Active } || record.Thumbprint != watch.Thumbprint)
                {
                    revoked.Add(watch);
                }
                else
                {
                    watch.Expires = record.Expires ?? DateTimeOffset.MaxValue;
                }
            }
        }

        End(revoked, CredentialEnd.Revoked);
    }

    private List<KeyId> Watched(IReadOnlyList<KeyId> changed)
    {
        if (changed.Count == 0)
        {
            return [];
        }

        lock (_gate)
        {
            var open = _watches.Where(static w => w.Key is not null).Select(static w => w.Key!.Value).ToHashSet();
            open.IntersectWith(changed);
            return [.. open];
        }
    }

    private void Sweep()
    {
        var expired = new List<Watch>();
        var unverifiable = new List<Watch>();
        lock (_gate)
        {
            foreach (var watch in _watches)
            {
                switch (Due(watch))
                {
                    case CredentialEnd.Expired:
                        expired.Add(watch);
                        break;
                    case CredentialEnd.Unverifiable:
                        unverifiable.Add(watch);
                        break;
                }
            }
        }

        End(expired, CredentialEnd.Expired);
        End(unverifiable, CredentialEnd.Unverifiable);
    }

    private CredentialEnd? Due(Watch watch) =>
        watch.Expires <= _time.GetUtcNow() ? CredentialEnd.Expired : _feed.IsFresh ? null : CredentialEnd.Unverifiable;

    private void End(IReadOnlyCollection<Watch> watches, CredentialEnd cause)
    {
        if (watches.Count == 0)
        {
            return;
        }

        foreach (var watch in watches)
        {
            Forget(watch);
            watch.End(cause);
        }

        _log.StreamsEnded(watches.Count, cause);
    }

    private void Forget(Watch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }

    private sealed class Watch(CallerMonitor monitor, Caller caller) : ICallerWatch
    {
        private readonly CancellationTokenSource _ended = new();
        private int _cause = -1;

        internal KeyId? Key { get; } =
            caller.Method == AuthenticationMethod.ApiKey && KeyId.TryParse(caller.Client, out var id) ? id : null;

        internal Caller Caller { get; } = caller;

        internal string? Thumbprint { get; } = caller.Thumbprint;

        /// <summary>Read and written under the monitor's lock.</summary>
        internal DateTimeOffset Expires { get; set; } = caller.Expires;

        public CancellationToken Ended => _ended.Token;

        public CredentialEnd? Cause => Volatile.Read(ref _cause) is var cause and >= 0 ? (CredentialEnd)cause : null;

        /// <summary>The source itself stays: its token may be linked into others that live on, and it holds nothing to free.</summary>
        public void Dispose() => monitor.Forget(this);

        /// <summary>Callbacks run elsewhere: one blocked reader must not hold up the other streams' end.</summary>
        internal void End(CredentialEnd cause)
        {
            if (Interlocked.CompareExchange(ref _cause, (int)cause, -1) == -1)
            {
                _ = CancelAsync();
            }
        }

        private async Task CancelAsync()
        {
            try
            {
                await _ended.CancelAsync().ConfigureAwait(false);
            }
            catch (AggregateException failure)
            {
                monitor._log.EndCallbackFailed(failure);
            }
        }
    }
}
