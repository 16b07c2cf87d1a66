using System.Buffers.Binary;
using Amqp;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>
/// Reads along what a connection receives and counts the bytes of messages that have not arrived whole. The AMQP library would collect a
/// message without end; here the connection that sends one is closed.
/// </summary>
internal sealed class TransferGuard(MemoryBudget budget, long limit)
{
    private const int FrameHeader = 8;
    private const ulong TransferCode = 0x14;

    /// <summary>A transfer's fields up to <c>more</c> fit, with the longest delivery tag.</summary>
    private readonly byte[] _head = new byte[128];
    private readonly Dictionary<(ushort Channel, uint Handle), long> _partial = [];
    private int _headLength;
    private long _left;
    private long _size;

    /// <summary>The protocol header is as long as a frame's and passes for an empty one.</summary>
    private bool _begun;

    internal void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var wanted = _headLength < FrameHeader ? FrameHeader - _headLength : (int)Math.Min(_left, int.MaxValue);
            var taken = Math.Min(wanted, bytes.Length);
            var kept = Math.Min(taken, _head.Length - _headLength);
            bytes[..kept].CopyTo(_head.AsSpan(_headLength));
            var hadHeader = _headLength >= FrameHeader;
            _headLength += kept;
            bytes = bytes[taken..];
            if (hadHeader)
                _left -= taken;
            else if (_headLength == FrameHeader)
                Begin();
            if (_headLength >= FrameHeader && _left == 0)
                End();
        }
    }

    /// <summary>The connection is gone, and what it had sent with it.</summary>
    internal void Close()
    {
        lock (_partial)
        {
            foreach (var bytes in _partial.Values)
                budget.Return(bytes);
            _partial.Clear();
        }
    }

    private void Begin()
    {
        _size = _begun ? BinaryPrimitives.ReadUInt32BigEndian(_head) : FrameHeader;
        if (_size < FrameHeader)
            throw new AmqpException(new Symbol(ErrorCode.FramingError), "A frame is shorter than its header.");
        _begun = true;
        _left = _size - FrameHeader;
    }

    private void End()
    {
        var head = _head.AsSpan(0, _headLength);
        _headLength = 0;
        if (head.Length == FrameHeader || head[5] != 0 || head[4] * 4 > head.Length || head[4] < 2)
            return;
        var fields = new AmqpBytes(head[(head[4] * 4)..]);
        if (!fields.TryReadDescriptor(out var code) || code != TransferCode || !fields.TryReadList(out var count) || count < 1 || !fields.TryReadUInt(out var handle))
            return;
        var more = false;
        for (var field = 1; field < Math.Min(count, 6); field++)
        {
            if (field == 5 ? !fields.TryReadBoolean(out more) : !fields.TrySkip())
                throw new AmqpException(new Symbol(ErrorCode.FramingError), "A transfer cannot be read.");
        }

        Count((BinaryPrimitives.ReadUInt16BigEndian(head[6..]), handle), more);
    }

    private void Count((ushort, uint) link, bool more)
    {
        lock (_partial)
        {
            _partial.Remove(link, out var before);
            budget.Return(before);
            if (!more)
                return;
            var now = before + _size;
            if (now > limit)
                throw new AmqpException(new Symbol(ErrorCode.MessageSizeExceeded), FormattableString.Invariant($"A message has more than {limit} bytes."));
            if (!budget.TryTake(now))
                throw new AmqpException(new Symbol(ErrorCode.ResourceLimitExceeded), "The local hub holds as many unfinished messages as it may.");
            _partial[link] = now;
        }
    }
}
