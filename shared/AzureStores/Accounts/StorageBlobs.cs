using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace Proofgate.AzureStores.Accounts;

/// <summary>The container of the evidence, in the ledger's account.</summary>
internal sealed class StorageBlobs
{
    internal const string EvidenceName = "audit-evidence";

    public StorageBlobs(IOptions<StorageOptions> options)
    {
        var account = options.Value.Ledger.IsEmpty ? options.Value : options.Value.Ledger;
        var settings = ClientSettings.Apply(new BlobClientOptions());
        Evidence = (account.TableEndpoint is { } tables
            ? new BlobServiceClient(BlobsBeside(tables), Credentials.For(account.ManagedIdentityClientId), settings)
            : new BlobServiceClient(account.ConnectionString, settings)).GetBlobContainerClient(EvidenceName);
    }

    internal BlobContainerClient Evidence { get; }

    /// <summary>An account's services differ in the second label of their names, in every cloud.</summary>
    internal static Uri BlobsBeside(Uri tables) =>
        new UriBuilder(tables) { Host = tables.Host.Replace(".table.", ".blob.", StringComparison.OrdinalIgnoreCase) }.Uri;
}
