using System.Diagnostics.CodeAnalysis;
using Azure.Storage.Blobs;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Policies;

namespace Proofgate.AzureStores;

/// <summary>Opens the container of activated bundles for who makes decisions again. Nothing is asked of storage before the first read.</summary>
public sealed class BundleContainer
{
    private readonly BlobContainerClient _container;

    private BundleContainer(BlobContainerClient container) => _container = container;

    /// <summary>Whether a text is a bundle's digest, and so the name of a pack.</summary>
    public static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>A container of an account that is given by its connection string, as Azurite is.</summary>
    /// <returns>False where that is none.</returns>
    public static bool TryConnect(string connectionString, string name, [NotNullWhen(true)] out BundleContainer? bundles)
    {
        try
        {
            bundles = new BundleContainer(new BlobContainerClient(connectionString, name, ClientSettings.Apply(new BlobClientOptions())));
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            bundles = null;
            return false;
        }
    }

    /// <summary>The container at an https address, read with the identity of who runs the process.</summary>
    /// <returns>False where it is no such address.</returns>
    public static bool TryOpen(string address, [NotNullWhen(true)] out BundleContainer? bundles)
    {
        bundles = ContainerAddress.TryParse(address, out var uri)
            ? new BundleContainer(new BlobContainerClient(uri, Credentials.For(null), ClientSettings.Apply(new BlobClientOptions())))
            : null;
        return bundles is not null;
    }

    /// <returns>The pack as it is stored, or null: there is none of this digest. That it has the digest is for the caller to check.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public Task<ReadOnlyMemory<byte>?> FindPackAsync(string digest, CancellationToken cancellationToken) => PackBlobs.FindAsync(_container, digest, cancellationToken);
}
