using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.AzureStores;

namespace Proofgate.EndToEnd.Hub;

/// <summary>What functions/AuditWriter registers, with AMQPNetLite in the place of its trigger and of the Event Hubs client.</summary>
internal sealed class HubWriter : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private HubWriter(ServiceProvider services, AmqpTrigger trigger) => (_services, Trigger) = (services, trigger);

    internal AmqpTrigger Trigger { get; }

    internal static async Task<HubWriter> StartAsync(string storage, AmqpHub hub)
    {
        var settings = HubGateway.SampleSecrets();
        settings["Proofgate:Storage:ConnectionString"] = storage;
        settings["Proofgate:Audit:Hub"] = "audit";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(static log => log.ClearProviders())
            .AddProofgateLedgerInlet(configuration)
            .AddProofgateLogSigner(configuration)
            .AddProofgateAzureStores(configuration)
            .AddSingleton<IRemoteHistory>(new AmqpHistory(hub))
            .BuildServiceProvider();
        await services.CreateLocalTablesAsync(CancellationToken.None);
        return new HubWriter(services, new AmqpTrigger(hub, services.GetRequiredService<LedgerInlet>(), partitions: 2));
    }

    /// <summary>Signs what the ledger holds, as the timer does.</summary>
    /// <returns>The log's public key.</returns>
    internal async Task<string> SignAsync()
    {
        var writer = _services.GetRequiredService<CheckpointWriter>();
        await writer.RunAsync(CancellationToken.None);
        return (await writer.KeysAsync(CancellationToken.None))[0].ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Trigger.DisposeAsync();
        await _services.DisposeAsync();
    }
}
