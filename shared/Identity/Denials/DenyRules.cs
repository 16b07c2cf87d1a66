using System.Globalization;
using System.Text;

namespace Proofgate.Identity.Denials;

/// <summary>What an entry may say; every problem is reported at once.</summary>
internal static class DenyRules
{
    private const int LongestValue = 1000;
    private const int LongestReason = 200;
    private const int ThumbprintLength = 43;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    internal static IReadOnlyList<string> Check(DenyEntry entry, DateTimeOffset now)
    {
        var problems = new List<string>();
        if (entry.Value.Length is 0 or > LongestValue || !IsPrintable(entry.Value))
        {
            problems.Add($"value must have 1 to {LongestValue} printable characters.");
        }
        else if (entry.Kind == DenyKind.Thumbprint && (entry.Value.Length != ThumbprintLength || !entry.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            problems.Add("value must be an RFC 7638 thumbprint: 43 characters of base64url.");
        }
        else if (entry.Kind == DenyKind.IssuerKey && entry.Value.IndexOf(' ', StringComparison.Ordinal) is var at && (at < 1 || at == entry.Value.Length - 1))
        {
            problems.Add("value must be the issuer (iss), a space, and the id of its key (kid).");
        }
        else if (entry.Value.Contains(ApiKeys.ApiKey.Prefix, StringComparison.Ordinal))
        {
            // Lists are shown, and a key in one would be out.
            problems.Add("value must not hold an API key: deny the client by the key's public id, or revoke the key.");
        }

        if (entry.Until is { } until && (until <= now || until > now + Longest))
        {
            problems.Add($"until must be later than now and within {Longest.TotalDays} days; without it the entry stays.");
        }

        if (entry.Reason is { } reason && (reason.Length is 0 or > LongestReason || !IsPrintable(reason) || reason.Contains(ApiKeys.ApiKey.Prefix, StringComparison.Ordinal)))
        {
            problems.Add($"reason must have 1 to {LongestReason} printable characters and no API key.");
        }

        return problems;
    }

    /// <summary>Values reach terminals: nothing in them may move a cursor or turn the reading direction.</summary>
    private static bool IsPrintable(string text) => !text.EnumerateRunes().Any(static r => r == Rune.ReplacementChar || Rune.GetUnicodeCategory(r) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
