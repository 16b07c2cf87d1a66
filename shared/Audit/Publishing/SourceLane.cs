using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Proofgate.Audit.Events;

namespace Proofgate.Audit.Publishing;

/// <summary>
/// Publishes the events of one source at a time, in order: whatever has come while a batch was under way is the next batch (group commit),
/// and one batch is in flight. At low load an event goes at once, so its delay is one round trip of the transport.
/// </summary>
internal sealed class SourceLane : IAsyncDisposable
{
    /// <summary>A ledger forgets a source that was idle for days; one that was idle this long starts anew instead.</summary>
    internal static readonly TimeSpan MaxIdle = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>A service that throttles counts by the second.</summary>
    private static readonly TimeSpan FirstThrottledDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestThrottledDelay = TimeSpan.FromSeconds(4);

    private readonly string _name;
    private readonly IAuditTransport _transport;
    private readonly LaneLimits _limits;
    private readonly ProcessKey _key;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<PendingEvent> _queue;
    private readonly List<RetiredSource> _retired = [];
    private readonly Task _loop;

    private SealedBatch _batch;
    private SourceCounter _counter = SourceCounter.New();
    private long _lastSent;
    private volatile string? _fault;

    internal SourceLane(string name, IAuditTransport transport, LaneLimits limits, ProcessKey key, TimeProvider time, ILogger log)
    {
        _name = name;
        _transport = transport;
        _limits = limits;
        _key = key;
        _time = time;
        _log = log;
        _batch = NewBatch();
        _queue = Channel.CreateBounded<PendingEvent>(new BoundedChannelOptions(limits.QueueCapacity) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    internal AuditStreamHealth Health => new(_fault is null, _fault);

    /// <summary>Takes ownership of <paramref name="tail"/>.</summary>
    internal Task<AuditReceipt> PublishAsync(AuditId id, PooledBuffer tail, CancellationToken cancellationToken)
    {
        var pending = new PendingEvent(id, tail, cancellationToken);
        if (!_queue.Writer.TryWrite(pending))
        {
            tail.Dispose();
            throw new AuditUnavailableException(_queue.Reader.Completion.IsCompleted || _loop.IsCompleted
                ? "The audit stream is closed."
                : $"The audit stream's queue is full ({_limits.QueueCapacity} events wait).");
        }

        return cancellationToken.CanBeCanceled ? pending.Task.WaitAsync(cancellationToken) : pending.Task;
    }

    /// <summary>Sends what waits, then the source's closing event. Bounded by the time to give up.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _batch.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                if (_counter.IsOpen && _time.GetElapsedTime(_lastSent) > MaxIdle)
                    Retire(_counter.Number);
                var before = _counter;
                Collect();
                if (_batch.Count > 0)
                    await CommitAsync(before).ConfigureAwait(false);
            }

            if (_counter.IsOpen)
            {
                var before = _counter;
                AddSourceEvent("close");
                await CommitAsync(before).ConfigureAwait(false);
            }
        }
        catch (Exception bug)
        {
            // Nobody may wait for ever on a loop that has ended.
            _fault = "The audit stream has stopped after an internal error.";
            _queue.Writer.TryComplete();
            var error = new AuditUnavailableException(_fault, bug);
            _batch.Fail(error);
            FailWaiting(error);
            _log.LaneStopped(_name, bug);
        }
    }

    private void Collect()
    {
        while (_batch.Count < _limits.MaxBatchEvents && _queue.Reader.TryPeek(out var next))
        {
            if (next.Cancellation.IsCancellationRequested)
            {
                _queue.Reader.TryRead(out _);
                next.TrySetCanceled(next.Cancellation);
                next.Tail.Dispose();
                continue;
            }

            if (!_counter.IsOpen)
                AddSourceEvent("open");
            if (_batch.Count > 0 && _batch.Bytes + next.Tail.Length + EventLimits.MaxHeadBytes > _limits.MaxBatchBytes)
                return;
            _queue.Reader.TryRead(out _);
            _counter = _batch.Add(_counter, next.Id, next.Tail, next);
            next.Tail.Dispose();
        }
    }

    private void AddSourceEvent(string act)
    {
        var opens = act == "open";
        var id = AuditId.New(_time);
        using var tail = new PooledBuffer(512);
        EventWriter.WriteTail(
            tail,
            new SourceEvent
            {
                Id = id,
                Time = _time.GetUtcNow(),
                Act = act,
                Key = opens ? _key.PublicKey : null,
                Follows = opens ? [.. _retired] : [],
            },
            null);
        _counter = _batch.Add(_counter, id, tail, null);
    }

    /// <summary>Sends the batch until it is acknowledged, is surely refused, or is given up. Its bytes never change between attempts.</summary>
    private async Task CommitAsync(SourceCounter before)
    {
        var events = _batch.Seal();
        var started = _time.GetTimestamp();
        var (delay, throttled) = (FirstDelay, FirstThrottledDelay);
        var unknown = false;
        while (true)
        {
            try
            {
                using var timeout = new CancellationTokenSource(_limits.SendTimeout, _time);
                await _transport.SendAsync(_counter.Name, events, timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
                Measures.Commit.Record(_time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("lane", _name));
                Acknowledged(clean: !unknown);
                return;
            }
            catch (AuditUnavailableException refused) when (!unknown)
            {
                Refused(before, refused);
                return;
            }
            catch (AuditThrottledException busy) when (_time.GetElapsedTime(started) + throttled < _limits.GiveUpAfter)
            {
                _fault = $"The audit stream is throttled: {busy.Message}";
                _log.BatchThrottled(_name, _batch.Count, throttled, busy.Message);
                await Task.Delay(throttled, _time, CancellationToken.None).ConfigureAwait(false);
                throttled = Longer(throttled, LongestThrottledDelay);
                continue;
            }
            catch (AuditThrottledException busy) when (!unknown)
            {
                var error = new AuditUnavailableException($"The audit stream is throttled: {busy.Message}", busy);
                Refused(before, error);
                // Those who came meanwhile have waited too; none of them is made to wait a second time.
                FailWaiting(error);
                return;
            }
            catch (Exception failure)
            {
                unknown = true;
                _fault = $"A batch is not acknowledged: {failure.GetType().Name}. It is sent again.";
                _log.BatchUnknown(_name, _counter.Name, _batch.Count, failure);
                if (_time.GetElapsedTime(started) + delay >= _limits.GiveUpAfter)
                {
                    GiveUp(before.Number, failure);
                    return;
                }
            }

            await Task.Delay(delay, _time, CancellationToken.None).ConfigureAwait(false);
            delay = Longer(delay, LongestDelay);
        }
    }

    /// <summary>The transport says that nothing was stored: the numbers are free again.</summary>
    private void Refused(SourceCounter before, AuditUnavailableException refused)
    {
        _log.BatchRefused(_name, _batch.Count, refused.Message);
        Failed(_batch.Count);
        _fault = refused.Message;
        _counter = before;
        _batch.Fail(refused);
        _batch.Clear();
    }

    private void Acknowledged(bool clean)
    {
        _fault = null;
        _lastSent = _time.GetTimestamp();
        _retired.Clear();
        _batch.Acknowledge(_counter.Name);
        Recycle(clean);
    }

    private void GiveUp(long lastAcknowledged, Exception failure)
    {
        _fault = "The audit stream did not acknowledge a batch in time. The next publication tries again under a new source.";
        _log.SourceRetired(_name, _counter.Name, lastAcknowledged, failure);
        Failed(_batch.Count);
        var error = new AuditUnavailableException("The audit stream did not acknowledge the event in time.", failure);
        _batch.Fail(error);
        // Those who came meanwhile have waited too; none of them is made to wait a second time.
        FailWaiting(error);
        Retire(lastAcknowledged);
        Recycle(clean: false);
    }

    private void Failed(int events) => Measures.Failures.Add(events, new KeyValuePair<string, object?>("lane", _name));

    private void FailWaiting(AuditUnavailableException error)
    {
        for (var waiting = _queue.Reader.Count; waiting > 0 && _queue.Reader.TryRead(out var next); waiting--)
        {
            next.TrySetException(error);
            next.Tail.Dispose();
            Failed(1);
        }
    }

    private void Retire(long lastAcknowledged)
    {
        _retired.Add(new RetiredSource(_counter.Source, lastAcknowledged));
        // Without a bound an outage of days would make the first event after it too large.
        if (_retired.Count > 100)
            _retired.RemoveAt(1);
        _counter = SourceCounter.New();
    }

    /// <summary>An attempt that was abandoned may still read the bytes, so they must not be used again.</summary>
    private void Recycle(bool clean)
    {
        if (clean)
            _batch.Clear();
        else
            _batch = NewBatch();
    }

    private static TimeSpan Longer(TimeSpan delay, TimeSpan longest) => delay * 2 < longest ? delay * 2 : longest;

    private SealedBatch NewBatch() => new(Math.Min(_limits.MaxBatchBytes, 64 * 1024));
}
