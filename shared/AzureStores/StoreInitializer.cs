using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores;

/// <summary>
/// Creates the tables and containers where they are missing, for the local run and for trials. In a deployment the template makes them, and no app has the
/// right to.
/// </summary>
public sealed class StoreInitializer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<TableClient> _tables;
    private readonly IReadOnlyList<BlobContainerClient> _containers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    internal StoreInitializer(
        IReadOnlyList<TableClient> tables, TimeProvider time, ILogger<StoreInitializer> log, params IReadOnlyList<BlobContainerClient> containers) =>
        (_tables, _containers, _time, _log) = (tables, containers, time, log);

    /// <summary>Tries for 30 s: a service that has just started may not answer yet, and a table that was just deleted keeps its name for a while.</summary>
    /// <exception cref="StoreUnavailableException">One could not be created in that time.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        foreach (var table in _tables)
            await CreateAsync($"Table '{table.Name}'", ct => table.CreateIfNotExistsAsync(ct), started, cancellationToken).ConfigureAwait(false);
        foreach (var container in _containers)
        {
            await CreateAsync($"Container '{container.Name}'", ct => container.CreateIfNotExistsAsync(cancellationToken: ct), started, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task CreateAsync(string what, Func<CancellationToken, Task> create, long started, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await create(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (Outage.Is(e, cancellationToken))
            {
                if (IsFinal(e) || _time.GetElapsedTime(started) >= Patience)
                    throw new StoreUnavailableException($"{what} could not be created: {Outage.Describe(e)}.", e);
                _log.StoreNotCreated(what, Outage.Describe(e));
            }

            await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsFinal(Exception exception) => exception is RequestFailedException { Status: 401 or 403 };
}
