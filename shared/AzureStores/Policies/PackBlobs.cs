using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Proofgate.AzureStores.Accounts;
using Proofgate.Policy.Bundles;

namespace Proofgate.AzureStores.Policies;

/// <summary>Packs of bundles as blobs named by their digest.</summary>
internal static class PackBlobs
{
    internal static Task<ReadOnlyMemory<byte>?> FindAsync(BlobContainerClient container, string digest, CancellationToken cancellationToken) => BlobCall.OfAsync(
        container,
        "read from",
        async ct =>
        {
            try
            {
                // A blob that is larger than any pack is cut here, and then its digest is another one.
                var range = new BlobDownloadOptions { Range = new HttpRange(0, BundlePack.MaxBytes) };
                var blob = await container.GetBlobClient(digest).DownloadContentAsync(range, ct).ConfigureAwait(false);
                return blob.Value.Content.ToMemory();
            }
            catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return (ReadOnlyMemory<byte>?)null;
            }
            catch (RequestFailedException e) when (e.Status == 416)
            {
                // An empty blob has no range.
                return ReadOnlyMemory<byte>.Empty;
            }
        },
        cancellationToken);
}
