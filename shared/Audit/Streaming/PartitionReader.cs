using System.Buffers.Binary;
using Microsoft.Extensions.Logging;

namespace Proofgate.Audit.Streaming;

/// <summary>A place in a partition that moves forward batch by batch.</summary>
internal sealed class PartitionReader(PartitionLog partition, int number, long from, ILogger log)
{
    private const int ChunkBytes = 256 * 1024;

    private Segment? _segment;
    private long _offset;
    private long _at;

    /// <summary>The next records that are durable, at most <paramref name="atMost"/>; empty if there are none yet.</summary>
    internal IReadOnlyList<StreamRecord> Next(int atMost)
    {
        while (partition.Find(from) is { } view)
        {
            if (_segment != view.Segment)
                (_segment, _offset, _at) = (view.Segment, 0, view.Segment.First);
            from = view.From;
            try
            {
                var records = Read(view, atMost);
                if (records.Count > 0)
                    return records;
            }
            catch (ObjectDisposedException)
            {
                // The segment was removed while it was read; what is kept begins later.
            }
        }

        return [];
    }

    private List<StreamRecord> Read(SegmentView view, int atMost)
    {
        var records = new List<StreamRecord>();
        while (records.Count < atMost && from < view.Next)
        {
            var chunk = ReadChunk(view);
            var used = 0;
            var state = FrameState.Short;
            while (records.Count < atMost && _at < view.Next
                && (state = RecordFrame.TryRead(chunk.Span[used..], _at, out var length, out var time)) == FrameState.Whole)
            {
                if (_at >= from)
                {
                    var body = chunk.Slice(used + RecordFrame.HeaderBytes, length - RecordFrame.HeaderBytes);
                    records.Add(new StreamRecord(_at, DateTimeOffset.FromUnixTimeMilliseconds(time), body));
                    from = _at + 1;
                }

                used += length;
                _at++;
            }

            _offset += used;
            if (state == FrameState.Damaged || (used == 0 && state == FrameState.Short && _at < view.Next))
            {
                log.SegmentDamaged(number, Path.GetFileName(view.Segment.FilePath), _at);
                if (records.Count > 0)
                    return records;
                throw new EmbeddedStreamException(
                    $"{view.Segment.FilePath} is damaged at sequence number {_at}. Restart: what can be read is kept, and the ledger records the gap.");
            }
        }

        return records;
    }

    private ReadOnlyMemory<byte> ReadChunk(SegmentView view)
    {
        var left = view.Length - _offset;
        var chunk = new byte[Math.Min(left, ChunkBytes)];
        var read = Fill(view.Segment, chunk, _offset);
        if (read < RecordFrame.HeaderBytes || read == left)
            return chunk.AsMemory(0, read);
        // A record may be larger than a chunk; read the whole of it.
        var first = RecordFrame.HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(chunk.AsSpan(4));
        if (first <= read || first > left || first > RecordFrame.HeaderBytes + RecordFrame.MaxBodyBytes)
            return chunk.AsMemory(0, read);
        var whole = new byte[first];
        return whole.AsMemory(0, Fill(view.Segment, whole, _offset));
    }

    private static int Fill(Segment segment, Span<byte> destination, long offset)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(segment.Handle, destination[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }
}
