using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// The keys of one issuer in memory (A5): read on first use, read again when they are old or a key id is unknown, one read at a time.
/// </summary>
internal sealed class IssuerKeys(string name, IssuerOptions options, IssuerClient client, TimeProvider time, ILogger<IssuerKeys> log)
{
    /// <summary>Pause after a failure while there are no keys at all: every call is refused until there are some.</summary>
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private volatile Held? _held;
    private volatile bool _failed;
    private Task? _reading;
    private long? _attemptedAt;

    /// <summary>Keys that may be used now; null where there are none, or they are too old. Asking has old ones read again in the background.</summary>
    internal KeySet? Current
    {
        get
        {
            if (_held is not { } held)
            {
                return null;
            }

            var age = time.GetElapsedTime(held.At);
            if (age >= options.RefreshInterval)
            {
                _ = Begin(options.MinRefreshInterval);
            }

            return age < options.MaxStale ? held.Keys : null;
        }
    }

    /// <param name="id">The token's <c>kid</c>.</param>
    /// <param name="algorithm">The token's <c>alg</c>, one of the issuer's.</param>
    /// <param name="cancellationToken">Of the request: the read itself goes on for whoever else waits.</param>
    internal async ValueTask<KeyAnswer> FindAsync(string? id, SignatureAlgorithm algorithm, CancellationToken cancellationToken)
    {
        if (Current is null && Begin(RetryDelay) is { } first)
        {
            await first.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Find(id, algorithm) is not KeyAnswer.NoSuchKey and var known)
        {
            return known;
        }

        // However many unknown ids come, the issuer is asked once in an interval.
        if (Begin(options.MinRefreshInterval) is { } refresh)
        {
            await refresh.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // An issuer that cannot be asked has not said no.
        return Find(id, algorithm) is not KeyAnswer.NoSuchKey and var found ? found : _failed ? KeyAnswer.OutOfReach : KeyAnswer.Unknown;
    }

    private KeyAnswer Find(string? id, SignatureAlgorithm algorithm)
    {
        if (Current is not { } keys)
        {
            return KeyAnswer.OutOfReach;
        }

        return keys.Find(id, algorithm) is { Count: > 0 } found ? new KeyAnswer.Found(keys, found) : KeyAnswer.Unknown;
    }

    /// <returns>The read that is under way; null if the last one began too short a time ago.</returns>
    private Task? Begin(TimeSpan pause)
    {
        lock (_gate)
        {
            if (_reading is { IsCompleted: false })
            {
                return _reading;
            }

            if (_attemptedAt is { } at && time.GetElapsedTime(at) < pause)
            {
                return null;
            }

            _attemptedAt = time.GetTimestamp();
            return _reading = Task.Run(ReadAsync);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails, the keys in memory serve on, and the next read is tried in its time.")]
    private async Task ReadAsync()
    {
        var startedAt = time.GetTimestamp();
        try
        {
            var keys = KeySet.Of(await client.ReadKeysAsync(options).ConfigureAwait(false), _held?.Keys);
            if (keys != _held?.Keys)
            {
                log.IssuerKeysChanged(name, keys.Count);
            }

            _held = new Held(keys, startedAt);
            _failed = false;
        }
        catch (Exception failure)
        {
            _failed = true;
            log.IssuerKeysFailed(name, failure);
        }
    }

    private sealed record Held(KeySet Keys, long At);
}
