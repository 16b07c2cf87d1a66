using Azure.Data.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Proofs;

/// <summary>Makes the tables of the days to come and drops those of the days that are over, at start and each hour. For the apps that own the
/// tables; whoever serves calls has the right to neither.</summary>
internal sealed class ReplayTables(StorageTables tables, TimeProvider time, ILogger<ReplayTables> log) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await TryTendAsync(stoppingToken).ConfigureAwait(false) ? Interval : RetryDelay;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>First what is needed, then what is not.</summary>
    private async Task<bool> TryTendAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            foreach (var day in ReplayDay.Needed(now))
            {
                await tables.Proofs(day).CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
            }

            await DropAsync(now, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (Outage.Is(failure, cancellationToken))
        {
            log.ReplayTablesNotTended(Outage.Describe(failure));
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task DropAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The range of the prefix: a digit sorts before a colon.
        var range = TableServiceClient.CreateQueryFilter($"TableName ge {StorageTables.ProofsPrefix} and TableName lt {StorageTables.ProofsPrefix + ":"}");
        var over = new List<string>();
        await foreach (var table in tables.ProofsAccount.QueryAsync(range, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (ReplayDay.TryParse(table.Name, out var day) && ReplayDay.IsOver(day, now))
            {
                over.Add(table.Name);
            }
        }

        foreach (var name in over)
        {
            await tables.ProofsAccount.DeleteTableAsync(name, cancellationToken).ConfigureAwait(false);
            log.ReplayTableDropped(name);
        }
    }
}
