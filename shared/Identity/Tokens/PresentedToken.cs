using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary>A token that is well formed; whether any of it is true is not known yet. Not a record: it must never print itself.</summary>
internal sealed class PresentedToken(JsonElement header, JsonElement claims)
{
    internal JsonElement Header { get; } = header;

    internal JsonElement Claims { get; } = claims;

    /// <summary>Untrusted: it only chooses among the issuer's own keys (B10).</summary>
    internal string? KeyId => Header.Text("kid");

    internal string? Algorithm => Header.Text("alg");

    internal string? Type => Header.Text("typ");

    internal string? Issuer => Claims.Text("iss");
}
