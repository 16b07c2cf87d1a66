using System.Globalization;
using Azure.Data.Tables;
using Proofgate.Identity;

namespace Proofgate.AzureStores.Keys;

/// <summary>
/// A line of the change feed: its row key says when and what, and that is all of it. What is a key's id, or <c>deny-</c> and a random mark: two
/// changes of the deny list in one tick are two lines, for a reader looks at each mark once.
/// </summary>
internal static class ChangeRow
{
    private const string Prefix = "c-";
    private const string DenyList = "deny-";
    private const int TickDigits = 19;
    private const int WhatAt = 2 + TickDigits + 1;
    private const int MarkLength = 32;

    internal static string KeyOf(DateTimeOffset moment, KeyId id) => $"{Prefix}{Inverted(moment)}-{id}";

    internal static string KeyOfDenyList(DateTimeOffset moment) => $"{Prefix}{Inverted(moment)}-{DenyList}{Guid.NewGuid():N}";

    /// <summary>From the newest, also one whose writer's clock is ahead, back to the given moment inclusive.</summary>
    internal static (string From, string Before) Since(DateTimeOffset moment) => (Prefix, $"{Prefix}{Inverted(moment)}.");

    /// <returns>The key that changed, or null: the deny list did, and the row key is the mark of that.</returns>
    /// <exception cref="MalformedRowException">The row key is none of ours.</exception>
    internal static KeyId? Read(string table, TableEntity row)
    {
        var key = row.RowKey.AsSpan();
        if (key.Length > WhatAt && key[2..(WhatAt - 1)].IndexOfAnyExceptInRange('0', '9') < 0 && key[WhatAt - 1] == '-')
        {
            var what = key[WhatAt..];
            if (KeyId.TryParse(what, out var id))
                return id;
            if (what.StartsWith(DenyList, StringComparison.Ordinal) && what.Length == DenyList.Length + MarkLength)
                return null;
        }

        throw new MalformedRowException(table, row.PartitionKey, row.RowKey, "its row key is no line of the change feed");
    }

    private static string Inverted(DateTimeOffset moment) =>
        (DateTime.MaxValue.Ticks - moment.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
