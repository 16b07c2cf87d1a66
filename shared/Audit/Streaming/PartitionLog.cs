using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Proofgate.Audit.Events;

namespace Proofgate.Audit.Streaming;

/// <summary>
/// One partition of the embedded stream. A single loop writes: whatever has come while the last write was flushed is the next write, so that
/// one fsync serves all concurrent senders. Readers see a record only when it is durable.
/// </summary>
internal sealed class PartitionLog : IAsyncDisposable
{
    private const int MaxWriteBytes = 8 << 20;
    private const int MaxWaiting = 4096;

    private readonly int _number;
    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly DiskBudget _budget;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<AppendRequest> _queue =
        Channel.CreateBounded<AppendRequest>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly Lock _lock = new();
    private readonly List<Segment> _segments;
    private readonly PooledBuffer _buffer = new(1 << 16);
    private readonly Task _loop;
    private TaskCompletionSource _changed = NewSignal();
    private volatile Exception? _broken;
    private bool _closed;

    private PartitionLog(int number, string folder, List<Segment> segments, long segmentBytes, DiskBudget budget, TimeProvider time, ILogger log)
    {
        _number = number;
        _folder = folder;
        _segments = segments;
        _segmentBytes = segmentBytes;
        _budget = budget;
        _time = time;
        _log = log;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>What is kept: first and next sequence number.</summary>
    internal StreamRange Range
    {
        get
        {
            lock (_lock)
                return new StreamRange(_segments[0].First, _segments[^1].Next);
        }
    }

    /// <summary>When the last record was written, of those that are kept.</summary>
    internal DateTimeOffset? LastAt
    {
        get
        {
            lock (_lock)
                return _segments.FindLast(static s => s.LastAt is not null)?.LastAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
        }
    }

    /// <summary>Completes at the next change. Take it before looking, then wait for it if there was nothing.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    internal static PartitionLog Open(int number, string folder, long segmentBytes, DiskBudget budget, TimeProvider time, ILogger log)
    {
        Directory.CreateDirectory(folder);
        var segments = Segment.OpenAll(folder);
        for (var i = 0; i < segments.Count; i++)
        {
            var rest = segments[i].Scan();
            if (rest > 0 && i < segments.Count - 1)
            {
                log.SegmentDamaged(number, Path.GetFileName(segments[i].FilePath), segments[i].Next);
            }
            else if (rest > 0)
            {
                // Only the newest file can hold an unfinished write: a file is flushed before the next is begun.
                log.TailRepaired(number, rest, segments[i].Next);
                segments[i].Truncate();
            }

            budget.Count(segments[i].Length);
        }

        if (segments.Count == 0)
            segments.Add(Segment.Create(folder, 0));
        return new PartitionLog(number, folder, segments, segmentBytes, budget, time, log);
    }

    internal Task<long> AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        var bytes = 0;
        foreach (var body in events)
        {
            if (body.Length > RecordFrame.MaxBodyBytes)
                throw new ArgumentException($"A record has {body.Length} bytes; at most {RecordFrame.MaxBodyBytes} are allowed.", nameof(events));
            bytes += RecordFrame.HeaderBytes + body.Length;
        }

        if (bytes > MaxWriteBytes)
            throw new ArgumentException($"A batch has {bytes} bytes; at most {MaxWriteBytes} are allowed.", nameof(events));
        if (_broken is { } broken)
            throw new AuditUnavailableException("The embedded audit stream cannot write to its disk. Check it, then restart.", broken);
        if (!_budget.TryTake(bytes))
            throw _budget.Full();
        var request = new AppendRequest(events, bytes, cancellationToken);
        if (!_queue.Writer.TryWrite(request))
        {
            _budget.Count(-bytes);
            throw new AuditUnavailableException("The embedded audit stream is closed, or too many batches wait for its disk.");
        }

        return request.Task;
    }

    /// <summary>Segments from the one that holds <paramref name="from"/> on, with their durable ends. None once the log is closed.</summary>
    internal SegmentView? Find(long from)
    {
        lock (_lock)
        {
            if (_closed)
                return null;
            foreach (var segment in _segments)
            {
                if (from < segment.Next)
                    return new SegmentView(segment, Math.Max(from, segment.First), segment.Next, segment.Length);
            }

            return null;
        }
    }

    /// <summary>The ledger holds every record up to <paramref name="through"/>. Removes whole segments that it has held for the retention.</summary>
    internal void Release(long through, TimeSpan retention)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            // The newest segment stays: it carries the next sequence number.
            foreach (var segment in _segments.Take(_segments.Count - 1).TakeWhile(s => s.Next - 1 <= through))
                segment.MarkInLedger(now);
            while (_segments.Count > 1 && _segments[0].InLedgerSince is { } since && now - since >= retention)
            {
                var old = _segments[0];
                _segments.RemoveAt(0);
                _budget.Count(-old.Length);
                old.Delete();
                _log.SegmentRemoved(_number, Path.GetFileName(old.FilePath));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        lock (_lock)
        {
            _closed = true;
            foreach (var segment in _segments)
                segment.Dispose();
        }

        _buffer.Dispose();
    }

    private async Task RunAsync()
    {
        var taken = new List<AppendRequest>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            Take(taken);
            if (taken.Count > 0)
                Write(taken);
            taken.Clear();
        }
    }

    private void Take(List<AppendRequest> taken)
    {
        var bytes = 0;
        while (_queue.Reader.TryPeek(out var request) && (taken.Count == 0 || bytes + request.Bytes <= MaxWriteBytes))
        {
            _queue.Reader.TryRead(out _);
            if (request.Cancellation.IsCancellationRequested)
            {
                _budget.Count(-request.Bytes);
                request.TrySetCanceled(request.Cancellation);
                continue;
            }

            bytes += request.Bytes;
            taken.Add(request);
        }
    }

    private void Write(List<AppendRequest> requests)
    {
        var segment = _segments[^1];
        var firsts = new long[requests.Count];
        try
        {
            if (_broken is { } broken)
                throw new AuditUnavailableException("The embedded audit stream cannot write to its disk. Check it, then restart.", broken);
            if (segment.Length >= _segmentBytes)
                segment = Roll(segment);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var next = Frame(requests, segment.Next, now, firsts);
            RandomAccess.Write(segment.Handle, _buffer.WrittenSpan, segment.Length);
            Flush(segment);
            lock (_lock)
                segment.Appended(next, segment.Length + _buffer.Length, now);
        }
        catch (Exception failure)
        {
            Failed(requests, segment, failure);
            return;
        }

        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
        for (var i = 0; i < requests.Count; i++)
            requests[i].TrySetResult(firsts[i]);
    }

    private long Frame(List<AppendRequest> requests, long next, long now, long[] firsts)
    {
        _buffer.Clear();
        for (var i = 0; i < requests.Count; i++)
        {
            firsts[i] = next;
            foreach (var body in requests[i].Events)
            {
                var length = RecordFrame.HeaderBytes + body.Length;
                RecordFrame.Write(_buffer.GetSpan(length), next++, now, body.Span);
                _buffer.Advance(length);
            }
        }

        return next;
    }

    private Segment Roll(Segment full)
    {
        var segment = Segment.Create(_folder, full.Next);
        lock (_lock)
            _segments.Add(segment);
        return segment;
    }

    /// <summary>After a failed fsync nobody knows what the disk holds, and a second try would not tell: the partition stops until a restart reads it.</summary>
    private void Flush(Segment segment)
    {
        try
        {
            RandomAccess.FlushToDisk(segment.Handle);
        }
        catch (Exception failure)
        {
            _broken = failure;
            throw;
        }
    }

    private void Failed(List<AppendRequest> requests, Segment segment, Exception failure)
    {
        _log.WriteFailed(_number, failure);
        var stored = _broken is not null;
        if (!stored)
        {
            try
            {
                segment.Truncate();
            }
            catch (Exception again)
            {
                _broken = again;
                stored = true;
            }
        }

        // Cut off again: surely not stored. Otherwise the sender has to treat it as unknown.
        Exception told = stored
            ? new IOException("The embedded audit stream could not flush its file; whether the batch is stored is unknown.", failure)
            : new AuditUnavailableException($"The embedded audit stream could not write: {failure.Message}", failure);
        foreach (var request in requests)
        {
            _budget.Count(-request.Bytes);
            request.TrySetException(told);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
