using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Keys;

/// <summary>
/// What must change together with its line in the change feed is in one partition: <c>k-{kid}</c> is a key, <c>d-{id}</c> an entry of the deny list,
/// <c>c-...</c> a line of the feed, <c>initialized</c> the claim of the first administrator.
/// </summary>
internal sealed class KeysTable(TableClient table)
{
    internal const string Partition = "keys";

    internal TableClient Table => table;

    internal async IAsyncEnumerable<TableEntity> QueryAsync(
        (string From, string Before) range, string[]? columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {range.From} and RowKey lt {range.Before}");
        await using var rows = table.QueryAsync<TableEntity>(filter, null, columns, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await TableCall.OfAsync(table, "read from", _ => rows.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
            yield return rows.Current;
    }

    /// <summary>The write and the feed's line, both or none.</summary>
    internal async Task<KeysWrite> SubmitAsync(TableTransactionAction write, string lineKey, CancellationToken cancellationToken)
    {
        var line = new TableEntity(Partition, lineKey);
        try
        {
            // The line is an upsert: two changes of one key in one tick share it, and a repeated attempt meets its own.
            await TableCall.OfAsync(
                table,
                "written to",
                ct => table.SubmitTransactionAsync([write, new(TableTransactionActionType.UpsertReplace, line)], ct),
                cancellationToken).ConfigureAwait(false);
            return KeysWrite.Done;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return KeysWrite.Changed;
        }
        catch (StoreUnavailableException e) when (e.InnerException is RequestFailedException { Status: 404 } missing
            && missing.ErrorCode == TableErrorCode.ResourceNotFound)
        {
            return KeysWrite.Gone;
        }
    }
}
