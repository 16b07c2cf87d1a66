using Azure.Data.Tables;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Rows;
using Proofgate.Identity;
using Proofgate.Identity.Usage;

namespace Proofgate.AzureStores.Keys;

/// <summary>The day of each key's last use, in a table that gateways may write: partition by the first two characters of the key's id.</summary>
internal sealed class TableKeyUse(TableClient table) : IKeyUseStore
{
    private const int PartitionLength = 2;
    private const int Attempts = 8;
    private const string DayColumn = "Day";

    public async Task NoteAsync(KeyId id, DateOnly day, CancellationToken cancellationToken)
    {
        var kid = id.ToString();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await TableCall.FindAsync(table, kid[..PartitionLength], kid, cancellationToken).ConfigureAwait(false);
            if ((stored is not null && Read(stored).Day >= day) || await TableCall.TryReplaceAsync(table, new RowWriter(kid[..PartitionLength], kid).Day(DayColumn, day).Row, stored, cancellationToken).ConfigureAwait(false))
                return;
        }

        // So many others note it at once that it is noted.
    }

    public async Task<IReadOnlyDictionary<KeyId, DateOnly>> ReadAsync(KeyId from, KeyId to, CancellationToken cancellationToken)
    {
        var (first, last) = (from.ToString(), to.ToString());
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {first[..PartitionLength]} and PartitionKey le {last[..PartitionLength]} and RowKey ge {first} and RowKey le {last}");
        var days = new Dictionary<KeyId, DateOnly>();
        await using var rows = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await TableCall.OfAsync(table, "read from", _ => rows.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
        {
            var (id, day) = Read(rows.Current);
            days[id] = day;
        }

        return days;
    }

    private (KeyId Id, DateOnly Day) Read(TableEntity row)
    {
        var reader = new RowReader(table.Name, row);
        var day = reader.OptionalDay(DayColumn) ?? throw reader.Malformed($"column '{DayColumn}' is missing");
        reader.End();
        return KeyId.TryParse(row.RowKey, out var id) && row.RowKey.StartsWith(row.PartitionKey, StringComparison.Ordinal) && row.PartitionKey.Length == PartitionLength
            ? (id, day)
            : throw reader.Malformed("its keys name no API key");
    }
}
