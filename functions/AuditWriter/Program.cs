using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Proofgate.Audit;
using Proofgate.Audit.Streaming;
using Proofgate.AuditWriter;
using Proofgate.AzureStores;
using Proofgate.EventHubs;
using Proofgate.Http;
using Proofgate.Http.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Configuration.AddProofgateKeyVault();
SettingsGuard.RequireKnown(
    builder.Configuration,
    (StorageOptions.Section, typeof(StorageOptions)),
    (KeyVaultOptions.Section, typeof(KeyVaultOptions)),
    (EventHubsOptions.Section, typeof(EventHubsOptions)));
builder.Services
    .AddProofgateTelemetry(builder.Configuration, "writer")
    .AddProofgateLedgerInlet(builder.Configuration)
    .AddProofgateLogSigner(builder.Configuration)
    .AddProofgateAzureStores(builder.Configuration)
    .AddProofgateEventHubs(builder.Configuration)
    .AddSingleton<IRemoteHistory, HubHistory>();

using var app = builder.Build();
await app.Services.CreateLocalTablesAsync(CancellationToken.None);
await app.RunAsync();
