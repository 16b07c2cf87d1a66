using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.AzureStores;
using Proofgate.Enforcement;
using Proofgate.Http;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>
/// What functions/Manage registers, on Kestrel, beside a gateway and on its storage: it decides none of the gateway's calls and knows of them only what the
/// ledger says. Its own events go to an embedded stream instead of Event Hubs.
/// </summary>
internal sealed class ManageHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private ManageHost(WebApplication app, TemporaryFolder folder) => (_app, _folder) = (app, folder);

    internal Uri Address => new(_app.Urls.First());

    internal static async Task<ManageHost> StartAsync(Gateway gateway)
    {
        var folder = new TemporaryFolder();
        var port = FreePort.Next();
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(gateway.State, "secrets.json")))!.AsObject()
            .ToDictionary(static s => $"Proofgate:Secrets:{s.Key}", static s => (string?)s.Value);
        settings["Proofgate:Storage:ConnectionString"] = gateway.StorageConnection;
        settings["Proofgate:PublicOrigins:0"] = $"http://127.0.0.1:{port}";
        settings["Proofgate:Audit:Hub"] = "manage";
        settings["Proofgate:Audit:DataPath"] = folder.Of("stream");
        settings["Proofgate:Outbound:AllowLoopback"] = "true";
        settings["Proofgate:Policy:Folder"] = RepositoryRoot.Of("infra", "policy", "sample");
        settings["Proofgate:Upstreams:sample:Endpoint"] = "http://127.0.0.1:9/v1";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services
            .AddProofgateGateway(builder.Configuration, (StorageOptions.Section, typeof(StorageOptions)))
            .AddProofgateLedgerFeed()
            .AddProofgateEmbeddedAudit()
            .AddProofgateAzureStores(builder.Configuration)
            .AddProofgateReplayTables();
        var app = builder.Build();
        app.MapProofgate();
        await app.StartAsync();
        return new ManageHost(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
