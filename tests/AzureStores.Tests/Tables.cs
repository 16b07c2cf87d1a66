using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Proofgate.AzureStores.Accounts;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests;

/// <summary>Tables with names that no other test uses, through the client settings of production.</summary>
internal static class Tables
{
    internal static async Task<TableClient> NewAsync(AzuriteFixture azurite)
    {
        var table = At(azurite, $"T{Guid.NewGuid():N}", null);
        await table.CreateAsync();
        return table;
    }

    /// <summary>The same table over a network that fails as told.</summary>
    internal static TableClient Over(this TableClient table, AzuriteFixture azurite, Faults faults) => At(azurite, table.Name, faults);

    /// <summary>The same table through a client some of whose calls fail.</summary>
    internal static TableClient Over(this TableClient table, AzuriteFixture azurite, HttpPipelinePolicy policy, HttpPipelinePosition position)
    {
        var options = ClientSettings.Apply(new TableClientOptions());
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        options.AddPolicy(policy, position);
        return new TableClient(azurite.ConnectionString, table.Name, options);
    }

    private static TableClient At(AzuriteFixture azurite, string name, Faults? faults)
    {
        var options = ClientSettings.Apply(new TableClientOptions());
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        if (faults is not null)
        {
            options.Transport = new HttpClientTransport(new HttpClient(faults));
            options.Retry.NetworkTimeout = faults.Patience;
        }

        return new TableClient(azurite.ConnectionString, name, options);
    }
}
