using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Proofgate.AzureStores;
using Proofgate.Enforcement;
using Proofgate.EventHubs;
using Proofgate.Http;
using Proofgate.Http.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Configuration.AddProofgateKeyVault();
builder.Services
    .AddProofgateGateway(
        builder.Configuration,
        (StorageOptions.Section, typeof(StorageOptions)),
        (KeyVaultOptions.Section, typeof(KeyVaultOptions)),
        (EventHubsOptions.Section, typeof(EventHubsOptions)))
    .AddProofgateTelemetry(builder.Configuration, "manage")
    .AddProofgateLedgerFeed()
    .AddProofgateAzureStores(builder.Configuration)
    .AddProofgateReplayTables()
    .AddProofgateEventHubs(builder.Configuration);

using var app = builder.Build();
await app.Services.CreateLocalTablesAsync(CancellationToken.None);
await app.RunAsync();
