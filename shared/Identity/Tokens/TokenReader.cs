using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// Reads a compact JWS (RFC 7515, 7.1) strictly, before anything is computed: what two readers could understand in two ways is refused.
/// </summary>
internal static class TokenReader
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Base64Url = SearchValues.Create(Alphabet);

    /// <returns>False for anything but three parts of canonical base64url, the first two JSON objects without repeated names.</returns>
    internal static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out PresentedToken? token)
    {
        token = null;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '.') != 3
            || !TryDecode(text[parts[0]], out var header)
            || !TryDecode(text[parts[1]], out var payload)
            || !TryDecode(text[parts[2]], out _)
            || !TokenJson.TryParseObject(header, out var head)
            || !TokenJson.TryParseObject(payload, out var claims))
        {
            return false;
        }

        token = new PresentedToken(head, claims);
        return true;
    }

    /// <summary>No padding, no white space, no bits left over: one sequence of bytes has one form.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAnyExcept(Base64Url))
        {
            return false;
        }

        var last = Alphabet.IndexOf(text[^1], StringComparison.Ordinal);
        if ((text.Length % 4 == 2 && (last & 0xF) != 0) || (text.Length % 4 == 3 && (last & 0x3) != 0))
        {
            return false;
        }

        bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        return true;
    }

    /// <summary>The string value of a member, or null where there is none or it is no string.</summary>
    internal static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
