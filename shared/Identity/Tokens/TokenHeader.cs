using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary>Header members that change how a token is to be read. jku, jwk, x5u and x5c change nothing here: they are not looked at (B10).</summary>
internal static class TokenHeader
{
    /// <summary>Extensions that must be understood, unencoded payloads, compression (B6), encryption: none is.</summary>
    private static readonly string[] Refused = ["crit", "b64", "zip", "enc"];

    internal static bool IsPlain(JsonElement header) =>
        !Refused.Any(name => header.TryGetProperty(name, out _))
        && (!header.TryGetProperty("kid", out _) || header.Text("kid") is { Length: > 0 and <= ClaimText.MaxLength });
}
