using Azure.Data.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Sessions;

/// <summary>Deletes the sessions of days that are over, at start and each hour. For the apps that own the tables; whoever serves calls need not be able to delete a session.</summary>
internal sealed class SessionSweep(StorageTables tables, TimeProvider time, ILogger<SessionSweep> log) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await TrySweepAsync(stoppingToken).ConfigureAwait(false) ? Interval : RetryDelay;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var count = 0;
            // Yesterday's stay: clocks differ.
            var range = TableClient.CreateQueryFilter($"PartitionKey lt {TableSessions.PartitionOf(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1))}");
            await foreach (var row in tables.Sessions.QueryAsync<TableEntity>(range, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                await tables.Sessions.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken).ConfigureAwait(false);
                count++;
            }

            if (count > 0)
            {
                log.SessionsSwept(count);
            }

            return true;
        }
        catch (Exception failure) when (Outage.Is(failure, cancellationToken))
        {
            log.SessionsNotSwept(Outage.Describe(failure));
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
