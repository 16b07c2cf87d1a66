using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Ledger;

/// <summary>Moves every partition of the embedded stream into its log. The ledger itself is the consumer's position.</summary>
public sealed class LedgerPump : IHostedLifecycleService, IAsyncDisposable
{
    private const int MaxRecords = 512;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>While calls come in, the ledger works a quarter of the time: they are waited for, and it is not. Without calls it runs.</summary>
    private const int RestPerWork = 3;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(500);

    private readonly EmbeddedStream _stream;
    private readonly ILedgerTable _table;
    private readonly string _hub;
    private readonly LedgerInsertion _insertion;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly PartitionProgress[] _progress;
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    public LedgerPump(EmbeddedStream stream, ILedgerTable table, IOptions<AuditOptions> options, TimeProvider time, ILogger<LedgerPump> logger)
    {
        _stream = stream;
        _table = table;
        _hub = options.Value.Hub;
        _insertion = options.Value.LedgerInsertion;
        _time = time;
        _log = logger;
        _progress = [.. Enumerable.Range(0, stream.Partitions).Select(static _ => new PartitionProgress())];
    }

    /// <summary>Whether every partition is being appended, and how far behind all of them together are.</summary>
    public LedgerHealth Health
    {
        get
        {
            var lag = 0L;
            string? detail = null;
            for (var i = 0; i < _progress.Length; i++)
            {
                lag += Math.Max(0, _stream.RangeOf(i).Next - _progress[i].Next);
                detail ??= _progress[i].Fault;
            }

            return new LedgerHealth(detail is null, lag, detail);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(Enumerable.Range(0, _stream.Partitions).Select(p => Task.Run(() => RunAsync(p, _stop.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Completes when every log is open and the ledger holds all that the stream held when this was called.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _progress.Length; i++)
            await _progress[i].ReachedAsync(_stream.RangeOf(i).Next, cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after every service has stopped, so that the closing events of the sources are in the ledger too, if it can be reached.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var drain = new CancellationTokenSource(DrainTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drain.Token, cancellationToken);
        try
        {
            await CatchUpAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The stream keeps what is left; the next start appends it.
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(int partition, CancellationToken cancellationToken)
    {
        var progress = _progress[partition];
        var name = new LogName(_hub, partition, 0).ToString()[..^7];
        var delay = FirstDelay;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var writer = await LedgerWriter.OpenAsync(_table, _hub, partition, _stream.Identity, _stream, _insertion, _log, cancellationToken).ConfigureAwait(false);
                Advance(partition, writer.NextSequence);
                // One record back, so that a stream that was set back is noticed.
                var from = Math.Min(Math.Max(0, writer.NextSequence - 1), _stream.RangeOf(partition).Next);
                await foreach (var batch in _stream.ReadBatchesAsync(partition, from, MaxRecords, cancellationToken).ConfigureAwait(false))
                {
                    var (started, end) = (_time.GetTimestamp(), _stream.RangeOf(partition).Next);
                    await writer.AppendAsync(batch, cancellationToken).ConfigureAwait(false);
                    Advance(partition, batch[^1].Sequence + 1);
                    Measures.Delay.Record((_time.GetUtcNow() - batch[^1].EnqueuedAt).TotalSeconds);
                    Measures.Lag.Record(Health.Lag);
                    delay = FirstDelay;
                    if (_stream.RangeOf(partition).Next > end)
                        await RestAsync(_time.GetElapsedTime(started) * RestPerWork, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                progress.Fault = failure is LedgerUnavailableException
                    ? $"The ledger {name} cannot be reached; it is tried again."
                    : $"The ledger {name} is not being appended: {failure.Message}";
                if (failure is LedgerUnavailableException)
                    _log.LedgerUnavailable(name, delay, failure);
                else
                    _log.LedgerStopped(name, failure.Message);
            }

            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private Task RestAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(time < LongestRest ? time : LongestRest, _time, cancellationToken);

    private void Advance(int partition, long next)
    {
        _progress[partition].Fault = null;
        _progress[partition].Reached(next);
        _stream.Release(partition, next - 1);
    }
}
