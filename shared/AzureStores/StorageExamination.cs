using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Proofs;
using Proofgate.Policy;

namespace Proofgate.AzureStores;

/// <summary>Looks at every table and container that a deployment needs, for who asks what is wrong with it. It reads one row or name of each and writes nothing.</summary>
public static class StorageExamination
{
    /// <param name="options">Of the deployment. Identities of apps are left out of account: it is the asker who looks.</param>
    /// <param name="policyStore">The container of signed bundles; null where policy comes from a folder.</param>
    /// <param name="keepsEvidence">Whether checkpoints and tiles are kept in a container, as a deployment does.</param>
    /// <param name="now">Says which table of used proofs is of today.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FormatException">A connection string is none.</exception>
    public static async Task<IReadOnlyList<StoreCheck>> LookAsync(
        StorageOptions options, string? policyStore, bool keepsEvidence, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ManagedIdentityClientId = options.Ledger.ManagedIdentityClientId = options.Proofs.ManagedIdentityClientId = null;
        var storage = Options.Create(options);
        var tables = new StorageTables(storage);
        TableClient[] all =
        [
            tables.Keys, tables.Subjects, tables.Use, tables.Budgets, tables.Sessions, .. policyStore is null ? Array.Empty<TableClient>() : [tables.Policies], tables.Proofs(ReplayDay.Of(now)), tables.Ledger,
        ];
        BlobContainerClient?[] containers = [keepsEvidence ? new StorageBlobs(storage).Evidence : null, new StorageContainers(storage, Options.Create(new PolicyOptions { Store = policyStore })).Policies];
        return await Task.WhenAll(
            all.Select(table => LookAsync(table, cancellationToken)).Concat(containers.OfType<BlobContainerClient>().Select(c => LookAsync(c, cancellationToken)))).ConfigureAwait(false);
    }

    private static async Task<StoreCheck> LookAsync(TableClient table, CancellationToken cancellationToken)
    {
        var rows = table.QueryAsync<TableEntity>(maxPerPage: 1, select: [nameof(TableEntity.PartitionKey)], cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (rows.ConfigureAwait(false))
        {
            var problem = await ProblemAsync(() => TableCall.OfAsync(table, "read from", _ => rows.MoveNextAsync().AsTask(), cancellationToken)).ConfigureAwait(false);
            return new StoreCheck("table", table.Name, OwnerOf(table.Uri), problem);
        }
    }

    private static async Task<StoreCheck> LookAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        var names = container.GetBlobsAsync(cancellationToken: cancellationToken).AsPages(pageSizeHint: 1).GetAsyncEnumerator(cancellationToken);
        await using (names.ConfigureAwait(false))
        {
            var problem = await ProblemAsync(() => BlobCall.OfAsync(container, "read from", _ => names.MoveNextAsync().AsTask(), cancellationToken)).ConfigureAwait(false);
            return new StoreCheck("container", container.Name, OwnerOf(container.Uri), problem);
        }
    }

    private static async Task<string?> ProblemAsync(Func<Task> look)
    {
        try
        {
            await look().ConfigureAwait(false);
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }

    /// <summary>An emulator's address begins with no account.</summary>
    private static string? OwnerOf(Uri address) => address.HostNameType == UriHostNameType.Dns && address.Host.Contains('.', StringComparison.Ordinal) ? address.Host.Split('.')[0] : null;
}
