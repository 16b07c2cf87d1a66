using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Proofgate.Identity.Revocation;

/// <summary>Reads the change feed every 2 s: one query for each instance, never one for each call.</summary>
internal sealed class KeyFeedReader(KeyFeed feed, TimeProvider time, ILogger<KeyFeedReader> log) : BackgroundService
{
    /// <summary>A read that takes longer could not keep the records trusted anyway.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    internal static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private int _failures;

    /// <summary>Waits for the first read, so that a host does not open its door only to answer 503. A store that is down does not stop it.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryReadAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = _failures == 0 ? FeedClock.Interval : RetryDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            var startedAt = time.GetTimestamp();
            pause = await TryReadAsync(stoppingToken).ConfigureAwait(false) ? FeedClock.Interval - time.GetElapsedTime(startedAt) : RetryDelay;
            pause = pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails, reading must go on; silence is what makes callers be refused.")]
    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await feed.ReadAsync(either.Token).ConfigureAwait(false);
            if (_failures > 0)
            {
                log.FeedRecovered(_failures);
                _failures = 0;
            }

            return true;
        }
        catch (Exception failure)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                log.FeedFailed(++_failures, failure);
            }

            return false;
        }
    }
}
