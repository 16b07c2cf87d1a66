using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Proofs;

namespace Proofgate.AzureStores;

/// <summary>Looks at every table that a deployment needs, for who asks what is wrong with it. It reads one row of each and writes nothing.</summary>
public static class StorageExamination
{
    /// <param name="options">Of the deployment. Identities of apps are left out of account: it is the asker who looks.</param>
    /// <param name="signedPolicy">Whether policy comes from a store, and so has a table.</param>
    /// <param name="now">Says which table of used proofs is of today.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Each table's name, and what is wrong with it: null where nothing is.</returns>
    /// <exception cref="FormatException">A connection string is none.</exception>
    public static async Task<IReadOnlyList<(string Table, string? Problem)>> LookAsync(
        StorageOptions options, bool signedPolicy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ManagedIdentityClientId = options.Ledger.ManagedIdentityClientId = options.Proofs.ManagedIdentityClientId = null;
        var tables = new StorageTables(Options.Create(options));
        TableClient[] all =
        [
            tables.Keys, tables.Subjects, tables.Use, tables.Budgets, .. signedPolicy ? [tables.Policies] : Array.Empty<TableClient>(), tables.Proofs(ReplayDay.Of(now)), tables.Ledger,
        ];
        return await Task.WhenAll(all.Select(async table => (table.Name, await LookAsync(table, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
    }

    private static async Task<string?> LookAsync(TableClient table, CancellationToken cancellationToken)
    {
        try
        {
            var rows = table.QueryAsync<TableEntity>(maxPerPage: 1, select: [nameof(TableEntity.PartitionKey)], cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (rows.ConfigureAwait(false))
            {
                await TableCall.OfAsync(table, "read from", _ => rows.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }
}
