using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.ApiKeys;

/// <summary>
/// Key records that this instance has read. Whether they may be used at all is for <see cref="Revocation.FeedClock"/> to say; the change feed
/// drops what changed. Absent keys are remembered apart, so that a flood of invented ids cannot push out a real one.
/// </summary>
internal sealed class ApiKeyCache
{
    /// <summary>A second line behind the change feed, should a writer's clock be so wrong that a change is never seen.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly IApiKeyStore _store;
    private readonly AddressLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiKeyCache> _log;
    private readonly TimeSpan _readTimeout;
    private readonly int _concurrentReads;
    private readonly BoundedMap<CachedKey> _keys;
    private readonly BoundedMap<Refuted> _refuted;
    private readonly Dictionary<KeyId, Read> _reads = [];
    private readonly Lock _gate = new();

    public ApiKeyCache(IApiKeyStore store, AddressLimiter limiter, IOptions<IdentityOptions> options, TimeProvider time, ILogger<ApiKeyCache> log)
    {
        _store = store;
        _limiter = limiter;
        _time = time;
        _log = log;
        _readTimeout = options.Value.ReadTimeout;
        _concurrentReads = options.Value.ConcurrentReads;
        _keys = new BoundedMap<CachedKey>(options.Value.CachedKeys);
        _refuted = new BoundedMap<Refuted>(options.Value.CachedRefusals);
    }

    internal int Count => _keys.Count + _refuted.Count;

    /// <returns>True if the answer is in memory; the answer is null where the key is known not to exist.</returns>
    internal bool TryGet(KeyId id, out CachedKey? key)
    {
        if (_keys.TryGet(id, out key) && _time.GetElapsedTime(key.LoadedAt) < Lifetime)
        {
            return true;
        }

        key = null;
        return IsRefuted(id, out var refuted) && refuted.Absent;
    }

    /// <summary>Whether a wrong key with this id has been looked up lately, be it that the id is unknown or that the secret was wrong.</summary>
    internal bool IsRefuted(KeyId id) => IsRefuted(id, out _);

    /// <summary>Notes that a look at the store for this id has found no match, so that the next wrong key costs no look.</summary>
    internal void Refute(KeyId id)
    {
        lock (_gate)
        {
            if (!IsRefuted(id, out var known) || !known.Absent)
            {
                _refuted.Set(id, new Refuted(false, _time.GetTimestamp()));
            }
        }
    }

    /// <summary>Reads a key for a stranger: limited by address and in number. Callers for one id share one read.</summary>
    internal Task<KeyLookup> ReadAsync(KeyId id, IPAddress? address, CancellationToken cancellationToken) => ReadForAsync(id, (true, address), cancellationToken);

    /// <summary>The same for a stranger whose address has been asked about already.</summary>
    internal Task<KeyLookup> ReadAdmittedAsync(KeyId id, CancellationToken cancellationToken) => ReadForAsync(id, default, cancellationToken);

    private Task<KeyLookup> ReadForAsync(KeyId id, (bool Counts, IPAddress? Address) asker, CancellationToken cancellationToken)
    {
        Task<CachedKey?> reading;
        lock (_gate)
        {
            if (_reads.TryGetValue(id, out var read))
            {
                reading = read.Result;
            }
            else if (_reads.Count >= _concurrentReads)
            {
                return Task.FromResult(KeyLookup.OutOfReach);
            }
            else if (asker.Counts && _limiter.TryTake(asker.Address) is { Allowed: false, RetryAfter: var retryAfter })
            {
                return Task.FromResult<KeyLookup>(new KeyLookup.Limited(retryAfter));
            }
            else
            {
                reading = Begin(id);
            }
        }

        return AnswerAsync(reading, cancellationToken);
    }

    /// <summary>Reads a key for our own purposes, without limits.</summary>
    /// <exception cref="Exception">The store is out of reach.</exception>
    internal Task<CachedKey?> RefreshAsync(KeyId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return (_reads.TryGetValue(id, out var read) ? read.Result : Begin(id)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets changed keys, and what reads that are still under way will find: they may have begun before the change.</summary>
    internal void Drop(IReadOnlyList<KeyId> ids)
    {
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (_reads.Remove(id, out var read))
                {
                    read.Dropped = true;
                }

                _keys.Remove(id);
                _refuted.Remove(id);
            }
        }
    }

    private bool IsRefuted(KeyId id, out Refuted refuted) => _refuted.TryGet(id, out refuted) && _time.GetElapsedTime(refuted.At) < Lifetime;

    private Task<CachedKey?> Begin(KeyId id)
    {
        var read = new Read();
        _reads.Add(id, read);
        return read.Result = Task.Run(() => ReadStoreAsync(id, read));
    }

    private async Task<CachedKey?> ReadStoreAsync(KeyId id, Read read)
    {
        var startedAt = _time.GetTimestamp();
        try
        {
            using var timeout = new CancellationTokenSource(_readTimeout, _time);
            var record = await _store.FindAsync(id, timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
            var key = record is null ? null : new CachedKey(record, startedAt);
            Finish(id, read, key, startedAt);
            return key;
        }
        catch (Exception failure)
        {
            Abandon(id, read);
            _log.KeyReadFailed(failure);
            throw;
        }
    }

    private void Finish(KeyId id, Read read, CachedKey? key, long startedAt)
    {
        lock (_gate)
        {
            if (read.Dropped)
            {
                return;
            }

            _reads.Remove(id);
            if (key is null)
            {
                _keys.Remove(id);
                _refuted.Set(id, new Refuted(true, startedAt));
            }
            else
            {
                _keys.Set(id, key);
            }
        }
    }

    private void Abandon(KeyId id, Read read)
    {
        lock (_gate)
        {
            if (!read.Dropped)
            {
                _reads.Remove(id);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever kept the store from answering, the answer is 503; the read itself has logged it.")]
    private static async Task<KeyLookup> AnswerAsync(Task<CachedKey?> reading, CancellationToken cancellationToken)
    {
        try
        {
            return new KeyLookup.Answered(await reading.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return KeyLookup.OutOfReach;
        }
    }

    private sealed class Read
    {
        internal Task<CachedKey?> Result { get; set; } = null!;

        internal bool Dropped { get; set; }
    }

    /// <summary>Absent: the key does not exist; otherwise its secret was wrong.</summary>
    private readonly record struct Refuted(bool Absent, long At);
}
