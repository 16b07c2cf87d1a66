using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Proofgate.AzureStores;
using Proofgate.Enforcement;
using Proofgate.EventHubs;
using Proofgate.Http;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Configuration.AddProofgateKeyVault();
builder.Services
    .AddProofgateGateway(
        builder.Configuration,
        (StorageOptions.Section, typeof(StorageOptions)),
        (KeyVaultOptions.Section, typeof(KeyVaultOptions)),
        (EventHubsOptions.Section, typeof(EventHubsOptions)))
    .AddProofgateLedgerFeed()
    .AddProofgateAzureStores(builder.Configuration)
    .AddProofgateReplayTables()
    .AddProofgateEventHubs(builder.Configuration);

using var app = builder.Build();
await app.Services.CreateLocalTablesAsync(CancellationToken.None);
await app.RunAsync();
