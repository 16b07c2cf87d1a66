using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary>Tells access tokens from the other JWTs that the same issuer signs with the same keys (RFC 8725, 3.11 and 3.12).</summary>
internal static class TokenType
{
    /// <summary>A1, B11. A token without a type is refused; so is a <c>dpop+jwt</c> (B12).</summary>
    internal static bool IsAccepted(string? type, bool acceptJwt) => type is not null
        && (type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase)
            || (acceptJwt && type.Equals("JWT", StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// B12, for issuers that call everything <c>JWT</c>: claims that only ID, refresh and logout tokens have (OpenID Connect Core 1.0, 2; Back-Channel
    /// Logout 1.0, 2.4), and the marks that Keycloak (<c>typ</c>) and Cognito (<c>token_use</c>) set.
    /// </summary>
    internal static bool IsOther(JsonElement claims) =>
        claims.TryGetProperty("nonce", out _)
        || claims.TryGetProperty("at_hash", out _)
        || claims.TryGetProperty("c_hash", out _)
        || claims.TryGetProperty("s_hash", out _)
        || claims.TryGetProperty("events", out _)
        || (claims.TryGetProperty("typ", out _) && !IsAccessMark(claims.Text("typ")))
        || (claims.TryGetProperty("token_use", out _) && claims.Text("token_use") != "access");

    private static bool IsAccessMark(string? type) => type is not null && (type.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        || type.Equals("DPoP", StringComparison.OrdinalIgnoreCase) || IsAccepted(type, acceptJwt: false));
}
