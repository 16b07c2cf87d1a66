using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Proofgate.Policy;

namespace Proofgate.AzureStores.Accounts;

/// <summary>
/// The containers by their names. Bundles are evidence and are kept as long as what they decided: in the ledger's account, where one is set, whose containers
/// have a locked retention.
/// </summary>
internal sealed class StorageContainers(IOptions<StorageOptions> storage, IOptions<PolicyOptions> policy)
{
    /// <summary>Null where policy is read from a folder.</summary>
    internal BlobContainerClient? Policies { get; } = policy.Value.Store is { } name
        ? Connect(storage.Value.Ledger.IsEmpty ? storage.Value : storage.Value.Ledger, ClientSettings.Apply(new BlobClientOptions())).GetBlobContainerClient(name)
        : null;

    internal static Uri EndpointOf(AccountOptions account) =>
        account.BlobEndpoint ?? new Uri(account.TableEndpoint!.ToString().Replace(".table.", ".blob.", StringComparison.OrdinalIgnoreCase));

    private static BlobServiceClient Connect(AccountOptions account, BlobClientOptions settings) => account.TableEndpoint is null
        ? new BlobServiceClient(account.ConnectionString, settings)
        : new BlobServiceClient(EndpointOf(account), Credentials.For(account.ManagedIdentityClientId), settings);
}
