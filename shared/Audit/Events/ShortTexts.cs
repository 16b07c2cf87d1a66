using System.Buffers.Binary;
using System.Text;

namespace Proofgate.Audit.Events;

/// <summary>
/// Short strings that events repeat again and again (actions, resources, policies): each is made once and found again by its bytes. A fixed number of
/// places for each thread, where a newcomer replaces whoever was there. Who reads millions of events spends most of his time on strings otherwise.
/// </summary>
internal static class ShortTexts
{
    internal const int MaxBytes = 64;

    private const int Places = 1024;

    [ThreadStatic]
    private static (byte[] Bytes, string Text)[]? _held;

    /// <param name="utf8">Valid UTF-8 of at most <see cref="MaxBytes"/>.</param>
    internal static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        ref var place = ref (_held ??= new (byte[], string)[Places])[Place(utf8)];
        if (place.Bytes is null || !place.Bytes.AsSpan().SequenceEqual(utf8))
            place = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return place.Text;
    }

    /// <summary>From both ends: names differ there.</summary>
    private static int Place(ReadOnlySpan<byte> utf8)
    {
        var (first, last) = utf8.Length >= 8
            ? (BinaryPrimitives.ReadUInt64LittleEndian(utf8), BinaryPrimitives.ReadUInt64LittleEndian(utf8[^8..]))
            : (utf8[0], (ulong)utf8[^1] << 8 | utf8[utf8.Length / 2]);
        return (int)(((first * 0x9E3779B97F4A7C15) + (last * 0xC2B2AE3D27D4EB4F) + (ulong)utf8.Length) >> 54) & (Places - 1);
    }
}
