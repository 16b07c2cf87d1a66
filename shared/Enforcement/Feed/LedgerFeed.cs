using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Enforcement.Feed;

/// <summary>
/// Feeds the broadcast of an app that others decide for: while somebody watches, the ledger's new rows are asked for twice a second, one query for each of
/// its partitions and instance, however many watch.
/// </summary>
internal sealed class LedgerFeed(DecisionBroadcast broadcast, LedgerFollower follower, TimeProvider time, ILogger<LedgerFeed> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _failing;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        broadcast.LedgerReached = ReachAsync;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails, looking goes on; who watches sees nothing until then, and calls are not touched.")]
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!broadcast.IsWatched)
            {
                follower.Forget();
                return;
            }

            await foreach (var read in follower.ReadNewAsync(cancellationToken))
            {
                broadcast.Show(DecisionSighting.Of(read.Event, PseudonymOf(read)));
            }

            _failing = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_failing)
            {
                log.LedgerNotFollowed(e);
                _failing = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Where the ledger ends now, if nobody has watched until now: else who has begun to watch would not know from when on.</summary>
    private async Task ReachAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await follower.BeginAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The part of the key's name that is the subject's; the rest tells one key of the subject from the next.</summary>
    private static string? PseudonymOf(ReadEvent read) => read.Personal?.KeyId.Split('.')[0];
}
