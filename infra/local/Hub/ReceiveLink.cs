using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using Proofgate.Audit.Streaming;

namespace Proofgate.Local.Hub;

/// <summary>A client that reads a partition: records go out in order as it asks for them.</summary>
internal sealed class ReceiveLink : IDisposable
{
    private const int BatchSize = 64;

    private readonly ListenerLink _link;
    private readonly HubEntity _hub;
    private readonly int _partition;
    private readonly bool _wantsMetrics;
    private readonly TimeProvider _time;
    private readonly OutgoingLink _out;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Error? _refusal;
    private bool _attached;
    private long _next;

    internal ReceiveLink(ListenerLink link, HubEntity hub, int partition, long? epoch, bool wantsMetrics, TimeProvider time)
    {
        _link = link;
        _hub = hub;
        _partition = partition;
        _wantsMetrics = wantsMetrics;
        _time = time;
        Epoch = epoch;
        _next = -1;
        _out = new OutgoingLink(link, IsAtEnd);
    }

    internal long? Epoch { get; }

    internal string Name => _link.Name;

    /// <summary>Sends from a record on until the link ends.</summary>
    internal async Task RunAsync(long from)
    {
        Volatile.Write(ref _next, from);
        try
        {
            _out.AtEnd();
            await foreach (var batch in _hub.Stream.ReadBatchesAsync(_partition, from, BatchSize, _stop.Token).ConfigureAwait(false))
            {
                var metrics = _wantsMetrics ? Metrics() : null;
                foreach (var record in batch)
                    await SendAsync(record, metrics).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested || e is AmqpException or ObjectDisposedException)
        {
            // The link, its connection or the broker has ended.
        }
        catch (Exception e)
        {
            Close(HubErrors.Internal(e));
        }
    }

    internal void Stop()
    {
        try
        {
            // What waits for it goes on elsewhere: links are closed under locks of the library.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>The client has been answered: only now can the link be closed.</summary>
    internal void Attached()
    {
        lock (_lock)
        {
            _attached = true;
            if (_refusal is null)
                return;
        }

        Close(_refusal);
    }

    internal void Close(Error error)
    {
        Stop();
        lock (_lock)
        {
            _refusal = error;
            if (!_attached)
                return;
        }

        try
        {
            _link.Close(TimeSpan.Zero, error);
        }
        catch (AmqpException)
        {
            // It ends by itself at this moment.
        }
    }

    private async Task SendAsync(StreamRecord record, DeliveryAnnotations? metrics)
    {
        var message = StoredEvent.Deliver(record.Body.Span, record.Sequence, record.EnqueuedAt, metrics);
        do
        {
            await _out.ReadyAsync(_stop.Token).ConfigureAwait(false);
            Volatile.Write(ref _next, record.Sequence + 1);
        }
        while (!_out.TrySend(message));
    }

    /// <summary>Not before the client has been answered: a flow would come before the link.</summary>
    private bool IsAtEnd() => Volatile.Read(ref _next) >= _hub.Stream.RangeOf(_partition).Next;

    /// <summary>How far behind the receiver is, told with each delivery.</summary>
    private DeliveryAnnotations Metrics()
    {
        var last = _hub.Stream.RangeOf(_partition).Next - 1;
        var metrics = new DeliveryAnnotations();
        metrics[new Symbol("last_enqueued_sequence_number")] = last;
        metrics[new Symbol("last_enqueued_offset")] = HubOffset.Of(last);
        metrics[new Symbol("last_enqueued_time_utc")] = (_hub.Stream.LastAt(_partition) ?? DateTimeOffset.UnixEpoch).UtcDateTime;
        metrics[new Symbol("runtime_info_retrieval_time_utc")] = _time.GetUtcNow().UtcDateTime;
        return metrics;
    }
}
