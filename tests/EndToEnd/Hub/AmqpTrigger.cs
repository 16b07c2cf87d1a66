using Amqp;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;

namespace Proofgate.EndToEnd.Hub;

/// <summary>Plays the Functions host's Event Hubs trigger: batches of what is there go to the ledger's inlet, and what fails is brought again.</summary>
internal sealed class AmqpTrigger : IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly AmqpHub _hub;
    private readonly LedgerInlet _inlet;
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _next;
    private readonly Task _running;
    private int _failures;

    internal AmqpTrigger(AmqpHub hub, LedgerInlet inlet, int partitions)
    {
        (_hub, _inlet, _next) = (hub, inlet, new long[partitions]);
        _running = Task.WhenAll(Enumerable.Range(0, partitions).Select(p => Task.Run(() => RunAsync(p))));
    }

    /// <summary>How often a batch or the connection failed and was tried again.</summary>
    internal int Failures => _failures;

    /// <summary>Waits until the ledger has every record that the hub has now.</summary>
    internal async Task CaughtUpAsync()
    {
        for (var partition = 0; partition < _next.Length; partition++)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var last = (long)(await _hub.ReadAsync("com.microsoft:partition", late.Token, $"{partition}"))["last_enqueued_sequence_number"];
            while (Volatile.Read(ref _next[partition]) <= last)
            {
                // The loop below counts as it goes, and tells nobody.
                await Task.Delay(20, late.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(int partition)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var link = await _hub.ReceiverAsync("$Default", partition, _next[partition], _stop.Token);
                while (!link.IsClosed)
                {
                    await TakeAsync(partition, link);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Interlocked.Increment(ref _failures);
            }

            // The broker may be dead at this moment: it is looked for again.
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task TakeAsync(int partition, ReceiverLink link)
    {
        var records = new List<StreamRecord>();
        for (var message = await AmqpHistory.ReceiveAsync(link, _stop.Token); message is not null && records.Count < MaxBatch; message = link.Receive(TimeSpan.Zero))
        {
            link.Accept(message);
            records.Add(AmqpHistory.RecordOf(message));
        }

        if (records.Count > 0)
        {
            await _inlet.AppendAsync(partition, records, _stop.Token);
            Volatile.Write(ref _next[partition], records[^1].Sequence + 1);
        }
    }
}
