using System.Buffers.Binary;

namespace Proofgate.Audit.Streaming;

/// <summary>
/// One record on disk, little-endian: CRC-32C of all that follows (4), body length (4), sequence number (8), time in Unix milliseconds (8), body.
/// </summary>
internal static class RecordFrame
{
    internal const int HeaderBytes = 24;
    internal const int MaxBodyBytes = 1 << 20;

    internal static void Write(Span<byte> frame, long sequence, long unixMilliseconds, ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], unixMilliseconds);
        body.CopyTo(frame[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Crc32C.Of(frame[4..(HeaderBytes + body.Length)]));
    }

    /// <summary>Reads the record at the start of <paramref name="bytes"/>, which must have the sequence number <paramref name="expected"/>.</summary>
    internal static FrameState TryRead(ReadOnlySpan<byte> bytes, long expected, out int length, out long unixMilliseconds)
    {
        length = 0;
        unixMilliseconds = 0;
        if (bytes.Length < HeaderBytes)
            return FrameState.Short;
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (body is < 0 or > MaxBodyBytes)
            return FrameState.Damaged;
        length = HeaderBytes + body;
        if (bytes.Length < length)
            return FrameState.Short;
        unixMilliseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Crc32C.Of(bytes[4..length])
            && BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) == expected
            ? FrameState.Whole
            : FrameState.Damaged;
    }
}
