using System.Globalization;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Proofs;

/// <summary>One table for each UTC day of the proofs' own time (D14): old ones are dropped whole, and nobody who serves calls has to delete.</summary>
internal static class ReplayDay
{
    /// <summary>A proof is of use for minutes; this is what an investigation may want.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    /// <summary>Days that are made ahead: so long may the app that makes them be away.</summary>
    internal const int Ahead = 7;

    private const string Format = "yyyyMMdd";

    internal static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    internal static string NameOf(DateOnly day) => StorageTables.ProofsPrefix + day.ToString(Format, CultureInfo.InvariantCulture);

    internal static bool TryParse(string table, out DateOnly day)
    {
        day = default;
        return table.StartsWith(StorageTables.ProofsPrefix, StringComparison.Ordinal)
            && DateOnly.TryParseExact(table.AsSpan(StorageTables.ProofsPrefix.Length), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    /// <summary>Yesterday's too: a proof from before midnight comes after it.</summary>
    internal static IEnumerable<DateOnly> Needed(DateTimeOffset now) => Enumerable.Range(-1, Ahead + 2).Select(Of(now).AddDays);

    /// <summary>Whether all that it holds is older than <see cref="Kept"/>.</summary>
    internal static bool IsOver(DateOnly day, DateTimeOffset now) => day.AddDays(1).ToDateTime(TimeOnly.MinValue) + Kept <= now.UtcDateTime;
}
