using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.AzureStores;
using Proofgate.Http;
using Proofgate.Http.Manage;
using Proofgate.Identity.ApiKeys;
using Proofgate.Support;

namespace Proofgate.EndToEnd.Hub;

/// <summary>What functions/Gateway registers, on Kestrel, with AMQPNetLite in the place of the Event Hubs client. Its secrets are the sample settings'.</summary>
internal sealed class HubGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HubGateway(WebApplication app, string key) => (_app, Key) = (app, key);

    internal Uri Address => new(_app.Urls.First());

    internal string Key { get; }

    internal static async Task<HubGateway> StartAsync(string storage, AmqpHub hub, Uri upstream)
    {
        var port = FreePort.Next();
        var settings = SampleSecrets();
        settings["Proofgate:Storage:ConnectionString"] = storage;
        settings["Proofgate:PublicOrigins:0"] = $"http://127.0.0.1:{port}";
        settings["Proofgate:Audit:Hub"] = "audit";
        // A broker that was killed is back within a second or two: that long an answer waits, and no longer than needed.
        settings["Proofgate:Audit:SendTimeout"] = "00:00:02";
        settings["Proofgate:Audit:GiveUpAfter"] = "00:00:30";
        settings["Proofgate:Admission:RequestsPerMinute"] = "10000000";
        settings["Proofgate:Outbound:AllowLoopback"] = "true";
        settings["Proofgate:Policy:Folder"] = RepositoryRoot.Of("infra", "policy", "sample");
        settings["Proofgate:Upstreams:sample:Endpoint"] = new Uri(upstream, "/v1").ToString();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services
            .AddSingleton<IAuditTransport>(new AmqpTransport(hub))
            .AddProofgateGateway(builder.Configuration, (StorageOptions.Section, typeof(StorageOptions)))
            .AddProofgateAzureStores(builder.Configuration);
        var app = builder.Build();
        app.MapProofgate();
        await app.Services.CreateLocalTablesAsync(CancellationToken.None);
        await app.StartAsync();
        return new HubGateway(app, await MakeKeyAsync(app.Services));
    }

    internal static Dictionary<string, string?> SampleSecrets() =>
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.Of("local.settings.sample.json")))!["Values"]!.AsObject()
            .Where(static s => s.Key.StartsWith("Proofgate__Secrets__", StringComparison.Ordinal))
            .ToDictionary(static s => s.Key.Replace("__", ":", StringComparison.Ordinal), static s => (string?)s.Value);

    /// <summary>Closes the sources: their last events are in the hub then.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<string> MakeKeyAsync(IServiceProvider services)
    {
        var spec = new ApiKeySpec
        {
            Name = "sample",
            Owner = "sample-app",
            Tenant = "default",
            Environment = "test",
            Roles = new HashSet<string> { "developer" },
        };
        return ((ApiKeyCreation.Created)await services.GetRequiredService<KeyAdministration>().CreateAsync(spec, KeyAdministration.System, null, default)).Key.Reveal();
    }
}
