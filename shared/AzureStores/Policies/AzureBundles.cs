using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Proofgate.AzureStores.Accounts;
using Proofgate.Policy;

namespace Proofgate.AzureStores.Policies;

/// <summary>Records of activation in a table, packs of bundles as blobs named by their digest. Inserts and reads; there is no other operation in here.</summary>
internal sealed class AzureBundles(TableClient table, BlobContainerClient container) : IBundleStore
{
    public Task<IReadOnlyList<StoredActivation>> ReadNewestAsync(int atMost, CancellationToken cancellationToken) => TableCall.OfAsync(
        table,
        "read from",
        async ct =>
        {
            var filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {ActivationRow.Partition} and RowKey ge {ActivationRow.Range.From} and RowKey lt {ActivationRow.Range.Before}");
            var records = new List<StoredActivation>();
            await foreach (var row in table.QueryAsync<TableEntity>(filter, Math.Min(atMost, 1000), cancellationToken: ct).ConfigureAwait(false))
            {
                if (ActivationRow.Read(row) is { } record)
                    records.Add(record);
                if (records.Count == atMost)
                    break;
            }

            return (IReadOnlyList<StoredActivation>)records;
        },
        cancellationToken);

    public async Task<bool> TryInsertAsync(StoredActivation activation, CancellationToken cancellationToken)
    {
        var row = ActivationRow.From(activation);
        try
        {
            await TableCall.OfAsync(table, "written to", ct => table.AddEntityAsync(row, ct), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            // A retry after a lost reply meets its own record.
            var stored = await TableCall.FindAsync(table, row.PartitionKey, row.RowKey, cancellationToken).ConfigureAwait(false);
            return stored is not null && ActivationRow.Read(stored) is { } record && record.IsSame(activation);
        }
    }

    public Task<ReadOnlyMemory<byte>?> FindPackAsync(string digest, CancellationToken cancellationToken) => PackBlobs.FindAsync(container, digest, cancellationToken);

    public Task KeepPackAsync(string digest, ReadOnlyMemory<byte> pack, CancellationToken cancellationToken) => BlobCall.OfAsync(
        container,
        "written to",
        async ct =>
        {
            var onlyNew = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },

                // One request: a blob is there whole or not at all.
                TransferOptions = new() { InitialTransferSize = SinglePut, MaximumTransferSize = SinglePut },
            };
            try
            {
                await container.GetBlobClient(digest).UploadAsync(new BinaryData(pack), onlyNew, ct).ConfigureAwait(false);
            }
            catch (RequestFailedException e) when (e.Status == 409 && e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
            {
                // Equal files have equal packs; and what stands there is checked by who reads it.
            }
            catch (RequestFailedException e) when (e.Status == 403)
            {
                // Who may create and not write is refused where a blob is, before the condition is looked at.
                if (!await container.GetBlobClient(digest).ExistsAsync(ct).ConfigureAwait(false))
                    throw;
            }

            return true;
        },
        cancellationToken);

    private const long SinglePut = 64L * 1024 * 1024;
}
