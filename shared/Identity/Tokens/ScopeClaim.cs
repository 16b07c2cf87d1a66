using System.Collections.Frozen;
using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary><c>scope</c> (RFC 8693, 4.2): names with spaces between; <c>scp</c>, which Entra and others send: the same, or a list.</summary>
internal static class ScopeClaim
{
    internal static IReadOnlySet<string> Read(JsonElement claims) =>
        Names(claims, "scope").Concat(Names(claims, "scp")).Where(ClaimText.IsName).ToFrozenSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array when name == "scp" => value.EnumerateArray().Where(static v => v.ValueKind == JsonValueKind.String).Select(static v => v.GetString()!),
            _ => [],
        };
    }
}
