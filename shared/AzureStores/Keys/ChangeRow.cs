using System.Globalization;
using Azure.Data.Tables;
using Proofgate.Identity;

namespace Proofgate.AzureStores.Keys;

/// <summary>A line of the change feed: its row key says when and which, and that is all of it.</summary>
internal static class ChangeRow
{
    private const string Prefix = "c-";
    private const int TickDigits = 19;
    private const int IdAt = 2 + TickDigits + 1;

    internal static string KeyOf(DateTimeOffset moment, KeyId id) => $"{Prefix}{Inverted(moment)}-{id}";

    /// <summary>From the newest, also one whose writer's clock is ahead, back to the given moment inclusive.</summary>
    internal static (string From, string Before) Since(DateTimeOffset moment) => (Prefix, $"{Prefix}{Inverted(moment)}.");

    /// <exception cref="MalformedRowException">The row key is none of ours.</exception>
    internal static KeyId IdOf(string table, TableEntity row)
    {
        var key = row.RowKey.AsSpan();
        return key.Length == IdAt + KeyId.Length
            && key[2..(IdAt - 1)].IndexOfAnyExceptInRange('0', '9') < 0
            && key[IdAt - 1] == '-'
            && KeyId.TryParse(key[IdAt..], out var id)
            ? id
            : throw new MalformedRowException(table, row.PartitionKey, row.RowKey, "its row key is no line of the change feed");
    }

    private static string Inverted(DateTimeOffset moment) =>
        (DateTime.MaxValue.Ticks - moment.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
