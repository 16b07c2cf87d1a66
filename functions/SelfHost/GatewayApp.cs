using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Evidence;
using Proofgate.AzureStores;
using Proofgate.Http;
using Proofgate.Identity;

namespace Proofgate.SelfHost;

/// <summary>Gateway, administration and ledger writer in one process: the three function apps' work on plain Kestrel.</summary>
internal static class GatewayApp
{
    internal static WebApplication Build(string[] args, SelfHostSettings settings, StateFolder state, LocalStorage storage, Uri? sampleModel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddInMemoryCollection(Defaults(settings, state, storage, sampleModel))
            .AddInMemoryCollection(state.Secrets())
            .AddInMemoryCollection(settings.UpstreamSettings)
            .AddEnvironmentVariables()
            .AddCommandLine(args, SelfHostSettings.Switches);
        builder.Logging.AddConsole(static console => console.FormatterName = PlainFormatter.Key)
            .AddConsoleFormatter<PlainFormatter, ConsoleFormatterOptions>()
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, settings.Options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                Tls.Use(listen, settings.Options, kestrel.ApplicationServices.GetRequiredService<IOptions<IdentityOptions>>().Value.ClientCertificates);
            }));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services
            .AddProofgateGateway(builder.Configuration, SelfHostSettings.Sections)
            .AddSingleton<IEvidenceStore>(new FileEvidenceStore(state.EvidenceFolder))
            .AddLogKeys(builder.Configuration, state)
            .AddProofgateCheckpoints(builder.Configuration)
            .AddProofgateEmbeddedAudit()
            .AddProofgateAzureStores(builder.Configuration)
            .AddProofgateReplayTables()
            .AddSingleton<IReadinessCheck, LedgerReadiness>()
            .AddSingleton<IReadinessCheck, CheckpointReadiness>()
            .AddSingleton<IReadinessCheck, CosignatureReadiness>();
        return builder.Build();
    }

    /// <summary>Every wrong setting at once; then the tables, because nothing can be recorded without them; then the doors.</summary>
    internal static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            app.MapProofgate();
            await app.Services.GetRequiredService<StoreInitializer>().InitializeAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            throw new SelfHostException(Lines(e.Failures), e);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(static i => i is OptionsValidationException))
        {
            throw new SelfHostException(Lines(e.InnerExceptions.SelectMany(static i => ((OptionsValidationException)i).Failures)), e);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            throw new SelfHostException(e.Message, e);
        }
    }

    private static string Lines(IEnumerable<string> problems) => string.Join(Environment.NewLine + "  ", problems);

    private static Dictionary<string, string?> Defaults(SelfHostSettings settings, StateFolder state, LocalStorage storage, Uri? sampleModel)
    {
        var scheme = settings.Options.TlsCertificate is null ? "http" : "https";
        var defaults = new Dictionary<string, string?>
        {
            ["Proofgate:Storage:ConnectionString"] = storage.ConnectionString,
            ["Proofgate:PublicOrigins:0"] = $"{scheme}://127.0.0.1:{settings.Options.Port}",
            ["Proofgate:PublicOrigins:1"] = $"{scheme}://localhost:{settings.Options.Port}",
            ["Proofgate:Audit:Hub"] = "local",
            ["Proofgate:Audit:DataPath"] = state.Of("stream"),
            ["Proofgate:Outbound:AllowLoopback"] = "true",
        };
        if (settings is { HasPolicyStore: false, RepositoryRoot: { } root })
        {
            defaults["Proofgate:Policy:Folder"] = Path.Combine(root, "infra", "policy", "sample");
        }

        if (SampleData.Ensure(settings, state) is { } sampleData)
        {
            defaults["Proofgate:DataSources:sample:Address"] = sampleData;
        }

        if (sampleModel is not null)
        {
            defaults["Proofgate:Upstreams:sample:Endpoint"] = sampleModel.ToString();
            defaults["Proofgate:Upstreams:sample-anthropic:Endpoint"] = sampleModel.ToString();
        }

        return defaults;
    }
}
