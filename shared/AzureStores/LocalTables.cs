using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Proofgate.AzureStores;

/// <summary>The tables of a local run.</summary>
public static class LocalTables
{
    /// <summary>Creates them where storage is a connection string, hence Azurite's. In a deployment the template has made them.</summary>
    /// <exception cref="StoreUnavailableException">Storage could not be reached.</exception>
    public static Task CreateLocalTablesAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionString is null
            ? Task.CompletedTask
            : services.GetRequiredService<StoreInitializer>().InitializeAsync(cancellationToken);
}
