using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores;

/// <summary>The tables of a local run, and the container of its evidence.</summary>
public static class LocalTables
{
    /// <summary>Creates them where storage is a connection string, hence Azurite's. In a deployment the template has made them.</summary>
    /// <exception cref="StoreUnavailableException">Storage could not be reached.</exception>
    public static async Task CreateLocalTablesAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionString is null)
            return;
        await services.GetRequiredService<StoreInitializer>().InitializeAsync(cancellationToken).ConfigureAwait(false);
        var evidence = services.GetRequiredService<StorageBlobs>().Evidence;
        try
        {
            await evidence.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw new StoreUnavailableException($"Container '{evidence.Name}' could not be created: {Outage.Describe(e)}.", e);
        }
    }
}
