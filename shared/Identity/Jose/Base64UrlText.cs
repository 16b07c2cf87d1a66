using System.Buffers;
using System.Buffers.Text;

namespace Proofgate.Identity.Jose;

/// <summary>Base64url as JOSE writes it (RFC 7515, 2), one text for one value: no padding, no white space, no bits left over.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Bytes that a text of this length stands for.</summary>
    internal static int LengthOf(int characters) => (int)((long)characters * 3 / 4);

    /// <param name="text">May be empty.</param>
    /// <param name="bytes">At least <see cref="LengthOf"/> of the text's length.</param>
    /// <param name="written">Of <paramref name="bytes"/>.</param>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        var rest = text.Length % 4;
        return rest != 1
            && !text.ContainsAnyExcept(Alphabet)
            && (rest == 0 || (ValueOf(text[^1]) & (rest == 2 ? 0b1111 : 0b11)) == 0)
            && Base64Url.DecodeFromChars(text, bytes, out _, out written) == OperationStatus.Done;
    }

    /// <returns>Null if it is not canonical.</returns>
    internal static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[LengthOf(text.Length)];
        return TryDecode(text, bytes, out var written) && written == bytes.Length ? bytes : null;
    }

    private static int ValueOf(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
