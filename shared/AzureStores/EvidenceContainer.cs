using System.Diagnostics.CodeAnalysis;
using Azure.Storage.Blobs;
using Proofgate.Audit;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Evidence;

namespace Proofgate.AzureStores;

/// <summary>Opens a container of evidence for who verifies it. Nothing is asked of storage before the first read.</summary>
public static class EvidenceContainer
{
    /// <summary>What the container of a deployment is called.</summary>
    public const string Name = StorageBlobs.EvidenceName;

    /// <summary>The container of an account that is given by its connection string, as Azurite is.</summary>
    /// <returns>False where that is none.</returns>
    public static bool TryConnect(string connectionString, [NotNullWhen(true)] out IEvidenceStore? store)
    {
        try
        {
            store = new BlobEvidenceStore(new BlobContainerClient(connectionString, Name, ClientSettings.Apply(new BlobClientOptions())));
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            store = null;
            return false;
        }
    }

    /// <summary>The container at an https address, read with the identity of who runs the process.</summary>
    /// <returns>False where it is no such address.</returns>
    public static bool TryOpen(string address, [NotNullWhen(true)] out IEvidenceStore? store)
    {
        store = ContainerAddress.TryParse(address, out var uri)
            ? new BlobEvidenceStore(new BlobContainerClient(uri, Credentials.For(null), ClientSettings.Apply(new BlobClientOptions())))
            : null;
        return store is not null;
    }
}
