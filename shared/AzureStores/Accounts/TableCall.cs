using Azure.Data.Tables;

namespace Proofgate.AzureStores.Accounts;

/// <summary>Turns an outage of a table into <see cref="StoreUnavailableException"/>; answers, conflicts and bugs pass.</summary>
internal static class TableCall
{
    internal static async Task<T> OfAsync<T>(
        TableClient table, string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw new StoreUnavailableException($"Table '{table.Name}' could not be {what}: {Outage.Describe(e)}.", e);
        }
    }
}
