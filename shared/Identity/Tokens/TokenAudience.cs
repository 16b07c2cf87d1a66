using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary><c>aud</c> (RFC 7519, 4.1.3): a string, or a list of strings and nothing else.</summary>
internal static class TokenAudience
{
    internal static bool HoldsOurs(JsonElement claims, Issuer issuer)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            return false;
        }

        return audience.ValueKind switch
        {
            JsonValueKind.String => issuer.IsOurs(audience.GetString()!),
            JsonValueKind.Array => audience.EnumerateArray().All(static a => a.ValueKind == JsonValueKind.String)
                && audience.EnumerateArray().Any(a => issuer.IsOurs(a.GetString()!)),
            _ => false,
        };
    }
}
