using System.Buffers.Binary;

namespace Proofgate.Local.Hub;

/// <summary>
/// Steps over encoded AMQP values (OASIS AMQP 1.0, part 1.6) without making objects of them: a body that the broker does not understand goes
/// through it unchanged.
/// </summary>
internal ref struct AmqpBytes(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    internal int At { get; private set; }

    internal readonly bool IsAtEnd => At == _bytes.Length;

    /// <summary>A described value's numeric descriptor; stops before the value.</summary>
    internal bool TryReadDescriptor(out ulong code)
    {
        code = 0;
        var left = _bytes[At..];
        switch (left)
        {
            case [0x00, 0x53, var small, ..]:
                code = small;
                At += 3;
                return true;
            case [0x00, 0x44, ..]:
                At += 2;
                return true;
            case [0x00, 0x80, ..] when left.Length >= 10:
                code = BinaryPrimitives.ReadUInt64BigEndian(left[2..]);
                At += 10;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The count of a list's fields; stops before the first.</summary>
    internal bool TryReadList(out int count)
    {
        count = 0;
        var left = _bytes[At..];
        switch (left)
        {
            case [0x45, ..]:
                At++;
                return true;
            case [0xc0, _, var few, ..]:
                count = few;
                At += 3;
                return true;
            case [0xd0, ..] when left.Length >= 9:
                count = BinaryPrimitives.ReadInt32BigEndian(left[5..]);
                At += 9;
                return count >= 0;
            default:
                return false;
        }
    }

    internal bool TryReadUInt(out uint value)
    {
        value = 0;
        var left = _bytes[At..];
        switch (left)
        {
            case [0x43, ..]:
                At++;
                return true;
            case [0x52, var small, ..]:
                value = small;
                At += 2;
                return true;
            case [0x70, ..] when left.Length >= 5:
                value = BinaryPrimitives.ReadUInt32BigEndian(left[1..]);
                At += 5;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Null counts as false, as it does where a boolean field is left out.</summary>
    internal bool TryReadBoolean(out bool value)
    {
        value = false;
        switch (_bytes[At..])
        {
            case [0x40 or 0x42, ..]:
                At++;
                return true;
            case [0x41, ..]:
                value = true;
                At++;
                return true;
            case [0x56, var b, ..]:
                value = b != 0;
                At += 2;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Where a binary value's bytes stand; stops behind them.</summary>
    internal bool TryReadBinary(out Range place)
    {
        place = default;
        var left = _bytes[At..];
        var (head, length) = left switch
        {
            [0xa0, var few, ..] => (2, few),
            [0xb0, ..] when left.Length >= 5 => (5, BinaryPrimitives.ReadInt32BigEndian(left[1..])),
            _ => (0, -1),
        };
        if (length < 0 || left.Length - head < length)
            return false;
        place = (At + head)..(At + head + length);
        At += head + length;
        return true;
    }

    /// <summary>Any value, one with a descriptor included.</summary>
    internal bool TrySkip()
    {
        while (At < _bytes.Length && _bytes[At] == 0)
        {
            // The descriptor first, then the value. A descriptor that is described itself means nothing to anybody.
            At++;
            if (At >= _bytes.Length || _bytes[At] == 0 || !TrySkipPlain())
                return false;
        }

        return TrySkipPlain();
    }

    private bool TrySkipPlain()
    {
        if (At >= _bytes.Length)
            return false;
        var left = _bytes[(At + 1)..];
        long length = (_bytes[At] >> 4) switch
        {
            0x4 => 0,
            0x5 => 1,
            0x6 => 2,
            0x7 => 4,
            0x8 => 8,
            0x9 => 16,
            0xa or 0xc or 0xe when left.Length >= 1 => 1 + left[0],
            0xb or 0xd or 0xf when left.Length >= 4 => 4L + BinaryPrimitives.ReadUInt32BigEndian(left),
            _ => -1,
        };
        if (length < 0 || length > left.Length)
            return false;
        At += 1 + (int)length;
        return true;
    }
}
