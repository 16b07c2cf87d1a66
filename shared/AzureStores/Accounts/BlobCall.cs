using Azure.Storage.Blobs;

namespace Proofgate.AzureStores.Accounts;

/// <summary>Turns an outage of a container into <see cref="StoreUnavailableException"/>; answers, conflicts and bugs pass.</summary>
internal static class BlobCall
{
    internal static async Task<T> OfAsync<T>(
        BlobContainerClient container, string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw new StoreUnavailableException($"Container '{container.Name}' could not be {what}: {Outage.Describe(e)}.", Outage.CauseOf(e));
        }
    }
}
