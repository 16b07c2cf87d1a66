using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Proofgate.AzureStores.Secrets;

/// <summary>Reads the vault again and again, so that a rotated secret arrives without a restart.</summary>
internal sealed class KeyVaultReload(KeyVaultProvider provider, TimeProvider time, ILogger<KeyVaultReload> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(provider.Options.ReloadInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                Report(await provider.ReloadAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Report(SecretsReload reload)
    {
        switch (reload)
        {
            case SecretsReload.Changed changed:
                log.SecretsChanged(changed.Count);
                break;
            case SecretsReload.Refused refused:
                log.SecretsRefused(refused.Problem);
                break;
            case SecretsReload.Kept kept:
                log.SecretsNotRead(kept.Problem, kept.Read, kept.Until);
                break;
            case SecretsReload.Dropped dropped:
                log.SecretsDropped(dropped.Limit);
                break;
        }
    }
}
