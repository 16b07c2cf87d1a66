using System.Globalization;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Output;

/// <summary>K8: looks for active keys that nobody uses, that may do too much, or that are about to expire.</summary>
internal static class KeyReview
{
    internal static readonly TimeSpan UnusedAfter = TimeSpan.FromDays(30);
    internal static readonly TimeSpan ExpirySoon = TimeSpan.FromDays(14);

    private const string Administrator = "administrator";

    internal static IReadOnlyList<KeyWarning> Of(IEnumerable<KeyRecord> keys, DateTimeOffset now) =>
        [.. keys.Where(key => StateOf(key, now) == "active").SelectMany(key => Of(key, now))];

    /// <summary>The record's state, or <c>expired</c> for an active key whose time is over.</summary>
    internal static string StateOf(KeyRecord key, DateTimeOffset now) =>
        key.State == "active" && key.Expires <= now ? "expired" : key.State;

    private static IEnumerable<KeyWarning> Of(KeyRecord key, DateTimeOffset now)
    {
        var lastUse = LastUse(key);
        if (now - (lastUse ?? key.Created) >= UnusedAfter)
        {
            var since = lastUse is { } day ? $"since {Day(day)}" : $"since it was made on {Day(key.Created)}";
            yield return new KeyWarning(key.Kid, "unused", $"{key.Kid} was not used {since}: revoke it if nobody misses it.");
        }

        if (key.Roles?.Contains(Administrator) == true && IsUnlimited(key))
        {
            yield return new KeyWarning(key.Kid, "over_broad", $"{key.Kid} is an administrator's without any limit: replace it by one that is limited to actions and networks.");
        }

        if (key.Expires is null)
        {
            yield return new KeyWarning(key.Kid, "never_expires", $"{key.Kid} never expires: replace it by one that does.");
        }
        else if (key.Expires - now <= ExpirySoon && key.Successor is null)
        {
            yield return new KeyWarning(key.Kid, "expires_soon", $"{key.Kid} expires on {Day(key.Expires.Value)}: give {key.Owner} a new one before.");
        }
    }

    private static bool IsUnlimited(KeyRecord key) =>
        key is { MaxLabel: null, Thumbprint: null }
        && Empty(key.Actions) && Empty(key.Models) && Empty(key.Datasets) && Empty(key.Networks);

    private static bool Empty(IReadOnlyList<string>? set) => set is null or [];

    private static DateTimeOffset? LastUse(KeyRecord key) =>
        DateTimeOffset.TryParse(key.LastUsed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day)
            ? day
            : null;

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
