using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores;

/// <summary>
/// Creates the tables where they are missing, for the local run and for trials. In a deployment the template makes them, and no app has the
/// right to.
/// </summary>
public sealed class StoreInitializer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<TableClient> _tables;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    internal StoreInitializer(IReadOnlyList<TableClient> tables, TimeProvider time, ILogger<StoreInitializer> log) =>
        (_tables, _time, _log) = (tables, time, log);

    /// <summary>Tries for 30 s: a service that has just started may not answer yet, and a table that was just deleted keeps its name for a while.</summary>
    /// <exception cref="StoreUnavailableException">A table could not be created in that time.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        foreach (var table in _tables)
            await CreateAsync(table, started, cancellationToken).ConfigureAwait(false);
    }

    private async Task CreateAsync(TableClient table, long started, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (Outage.Is(e, cancellationToken))
            {
                if (IsFinal(e) || _time.GetElapsedTime(started) >= Patience)
                    throw new StoreUnavailableException($"Table '{table.Name}' could not be created: {Outage.Describe(e)}.", e);
                _log.TableNotCreated(table.Name, Outage.Describe(e));
            }

            await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsFinal(Exception exception) => exception is RequestFailedException { Status: 401 or 403 };
}
