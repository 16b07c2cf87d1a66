using System.Security.Cryptography;
using System.Text.Json;
using Proofgate.Identity.Credentials;

namespace Proofgate.Identity.Tokens;

/// <summary><c>cnf</c> (RFC 7800; RFC 9449, 6.1; RFC 8705, 3.1): the keys that a token is bound to.</summary>
internal static class Confirmation
{
    /// <param name="claims">Of the token.</param>
    /// <param name="binding">Null for a token that is bound to nothing.</param>
    /// <returns>False for a binding that nobody here could prove: it must not pass for none.</returns>
    internal static bool TryRead(JsonElement claims, out Binding? binding)
    {
        binding = null;
        if (!claims.TryGetProperty("cnf", out var confirmation))
        {
            return true;
        }

        if (confirmation.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        string? key = null;
        string? certificate = null;
        foreach (var member in confirmation.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String || !IsThumbprint(member.Value.GetString()!))
            {
                return false;
            }

            switch (member.Name)
            {
                case "jkt":
                    key = member.Value.GetString();
                    break;
                case "x5t#S256":
                    certificate = member.Value.GetString();
                    break;
                default:
                    return false;
            }
        }

        binding = new Binding(key, certificate);
        return key is not null || certificate is not null;
    }

    private static bool IsThumbprint(string text) => TokenReader.TryDecode(text, out var hash) && hash.Length == SHA256.HashSizeInBytes;
}
