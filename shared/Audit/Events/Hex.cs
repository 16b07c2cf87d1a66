using System.Buffers;

namespace Proofgate.Audit.Events;

/// <summary>Lower-case hex, the only spelling that the event format knows.</summary>
internal static class Hex
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Reads exactly <paramref name="bytes"/>.Length bytes from twice as many digits.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> utf8, Span<byte> bytes) =>
        utf8.Length == bytes.Length * 2
        && utf8.IndexOfAnyExcept(Digits) < 0
        && Convert.FromHexString(utf8, bytes, out _, out _) == OperationStatus.Done;

    internal static void Write(ReadOnlySpan<byte> bytes, Span<byte> utf8)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            utf8[2 * i] = "0123456789abcdef"u8[bytes[i] >> 4];
            utf8[(2 * i) + 1] = "0123456789abcdef"u8[bytes[i] & 15];
        }
    }
}
