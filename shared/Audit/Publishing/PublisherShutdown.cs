using Microsoft.Extensions.Hosting;

namespace Proofgate.Audit.Publishing;

/// <summary>Closes the sources when the host stops, while the stream and the ledger's pump still run.</summary>
internal sealed class PublisherShutdown(AuditPublisher publisher, RefusalChannel refusals) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await refusals.DisposeAsync().ConfigureAwait(false);
        await publisher.DisposeAsync().ConfigureAwait(false);
    }
}
