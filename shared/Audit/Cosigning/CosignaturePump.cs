using Microsoft.Extensions.Hosting;

namespace Proofgate.Audit.Cosigning;

/// <summary>Asks the witnesses again and again, where no timer of a host does.</summary>
public sealed class CosignaturePump(CosignatureRelay relay, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!relay.HasWitnesses)
            return;
        using var timer = new PeriodicTimer(relay.Interval, time);
        try
        {
            do
                await relay.RunAsync(stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the host.
        }
    }
}
