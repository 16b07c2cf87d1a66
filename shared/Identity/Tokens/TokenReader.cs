using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Proofgate.Identity.Jose;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// Reads a compact JWS (RFC 7515, 7.1) strictly, before anything is computed: what two readers could understand in two ways is refused.
/// </summary>
internal static class TokenReader
{
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

    /// <summary>One sequence of bytes has one form, and is not empty.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = Base64UrlText.Decode(text) ?? [];
        return bytes.Length > 0;
    }

    /// <summary>The string value of a member, or null where there is none or it is no string.</summary>
    internal static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
