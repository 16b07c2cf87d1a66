using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Proofgate.AzureStores.Accounts;

/// <summary>Turns an outage of a table into <see cref="StoreUnavailableException"/>; answers, conflicts and bugs pass.</summary>
internal static class TableCall
{
    internal static async Task<T> OfAsync<T>(
        TableClient table, string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw new StoreUnavailableException($"Table '{table.Name}' could not be {what}: {Outage.Describe(e)}.", Outage.CauseOf(e));
        }
    }

    /// <summary>Reads one row.</summary>
    /// <returns>Null if the table has no such row. No such table is an outage: else a store that is going down would call every key unknown.</returns>
    internal static Task<TableEntity?> FindAsync(TableClient table, string partition, string row, CancellationToken cancellationToken) => OfAsync(
        table,
        "read from",
        async ct =>
        {
            try
            {
                return (await table.GetEntityAsync<TableEntity>(partition, row, cancellationToken: ct).ConfigureAwait(false)).Value;
            }
            catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode == TableErrorCode.ResourceNotFound)
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>Writes a row as long as the table still holds what was read there.</summary>
    /// <param name="table">Of the row.</param>
    /// <param name="row">What it is to be.</param>
    /// <param name="stored">What was read; null if there was none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if somebody else has written it meanwhile.</returns>
    internal static async Task<bool> TryReplaceAsync(TableClient table, TableEntity row, TableEntity? stored, CancellationToken cancellationToken)
    {
        try
        {
            await OfAsync(
                table,
                "written to",
                ct => stored is null ? table.AddEntityAsync(row, ct) : table.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Replace, ct),
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }
}
