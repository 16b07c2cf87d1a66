using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary>Reads what settings map from a token. What is missing, or of another kind than expected, is nothing: least privilege, no error.</summary>
internal static class ClaimMap
{
    /// <param name="claims">Of the token.</param>
    /// <param name="name">Of the claim, or a path that starts with a slash.</param>
    /// <param name="map">Empty: values are taken as they are.</param>
    internal static IReadOnlySet<string> Values(JsonElement claims, string? name, IDictionary<string, string> map)
    {
        var values = Strings(Find(claims, name)).Where(ClaimText.IsName);
        return (map.Count == 0 ? values : values.Where(map.ContainsKey).Select(v => map[v])).ToFrozenSet(StringComparer.Ordinal);
    }

    internal static string? Text(JsonElement claims, string? name) =>
        Find(claims, name) is { ValueKind: JsonValueKind.String } value && ClaimText.IsName(value.GetString()) ? value.GetString() : null;

    /// <returns>0 for anything but a whole number above it.</returns>
    internal static long Rank(JsonElement claims, string? name) => Find(claims, name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var rank) => Math.Max(0, rank),
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var rank) => rank,
        _ => 0,
    };

    /// <returns>Null where the claim is absent; the highest risk for anything but a whole number from 0.</returns>
    internal static long? Risk(JsonElement claims, string? name) => Find(claims, name) switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var risk) && risk >= 0 => risk,
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var risk) => risk,
        _ => long.MaxValue,
    };

    private static JsonElement Find(JsonElement claims, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return default;
        }

        var found = claims;
        foreach (var step in name[0] == '/' ? name[1..].Split('/') : [name])
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(step, out found))
            {
                return default;
            }
        }

        return found;
    }

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().Where(static v => v.ValueKind == JsonValueKind.String).Select(static v => v.GetString()!),
        _ => [],
    };
}
