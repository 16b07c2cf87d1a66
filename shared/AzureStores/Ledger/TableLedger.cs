using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Proofgate.Audit;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Ledger;

/// <summary>The ledger's rows in one table. Sends inserts, several as one entity group transaction, and queries; there is no other operation in here.</summary>
internal sealed class TableLedger(TableClient table) : ILedgerTable
{
    private const int PageSize = 1000;
    private static readonly string[] KeyOnly = [nameof(TableEntity.PartitionKey)];

    public async Task<LedgerInsert> InsertAsync(
        string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        TransactionLimits.Check(partitionKey, rows);
        try
        {
            // A single row is sent without a transaction, which may be what the platform does not allow.
            if (rows.Count == 1)
                await table.AddEntityAsync(LedgerEntity.From(rows[0]), cancellationToken).ConfigureAwait(false);
            else
                await table.SubmitTransactionAsync(rows.Select(static row => new TableTransactionAction(TableTransactionActionType.Add, LedgerEntity.From(row))), cancellationToken).ConfigureAwait(false);
            return LedgerInsert.Inserted;
        }
        catch (RequestFailedException e) when (e.Status == 409 && e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            // Also the answer to a retry whose first attempt was committed: the writer compares what stands there.
            return LedgerInsert.Collided;
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw Unavailable("inserted into", e);
        }
    }

    public async IAsyncEnumerable<LedgerRow> ReadAsync(
        string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (atMost is <= 0)
            yield break;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partitionKey} and RowKey ge {fromRowKey} and RowKey lt {beforeRowKey}");
        var left = atMost ?? int.MaxValue;
        var query = table.QueryAsync<TableEntity>(filter, Math.Min(left, PageSize), cancellationToken: cancellationToken);
        await using var rows = query.GetAsyncEnumerator(cancellationToken);
        while (left-- > 0 && await NextAsync(rows, cancellationToken).ConfigureAwait(false))
            yield return LedgerEntity.Read(table.Name, rows.Current);
    }

    public async Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey gt {after}");
        await using var rows = table.QueryAsync<TableEntity>(filter, 1, KeyOnly, cancellationToken).GetAsyncEnumerator(cancellationToken);
        return await NextAsync(rows, cancellationToken).ConfigureAwait(false) ? rows.Current.PartitionKey : null;
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            return await rows.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw Unavailable("read from", e);
        }
    }

    private LedgerUnavailableException Unavailable(string what, Exception e) =>
        new($"Table '{table.Name}' could not be {what}: {Outage.Describe(e)}.", e);
}
