using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary>NumericDates of a token (RFC 7519, 2): seconds since 1970, fractions allowed.</summary>
internal static class TokenTimes
{
    /// <summary>The end of what <see cref="DateTimeOffset"/> can say, less a day for leeway.</summary>
    private const double Last = 253_402_300_799d - 86_400;

    /// <returns>False where the claim is missing, no number or out of range.</returns>
    internal static bool TryGet(JsonElement claims, string name, out DateTimeOffset time)
    {
        time = default;
        if (!claims.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetDouble(out var seconds) || !(seconds >= 0 && seconds <= Last))
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(seconds * 1000));
        return true;
    }
}
