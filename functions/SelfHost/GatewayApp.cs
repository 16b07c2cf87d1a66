using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.AzureStores;
using Proofgate.Http;
using Proofgate.Local;

namespace Proofgate.SelfHost;

/// <summary>Gateway, administration and ledger writer in one process: the three function apps' work on plain Kestrel.</summary>
internal static class GatewayApp
{
    internal static WebApplication Build(string[] args, SelfHostSettings settings, StateFolder state, AzuriteServer azurite, Uri? sampleModel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddInMemoryCollection(Defaults(settings, state, azurite, sampleModel))
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
            kestrel.Listen(IPAddress.Loopback, settings.Options.Port, static listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services
            .AddProofgateGateway(builder.Configuration, SelfHostSettings.Sections)
            .AddProofgateEmbeddedAudit()
            .AddProofgateAzureStores(builder.Configuration)
            .AddSingleton<IReadinessCheck, LedgerReadiness>();
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

    private static Dictionary<string, string?> Defaults(SelfHostSettings settings, StateFolder state, AzuriteServer azurite, Uri? sampleModel)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Proofgate:Storage:ConnectionString"] = azurite.ConnectionString,
            ["Proofgate:Audit:Hub"] = "local",
            ["Proofgate:Audit:DataPath"] = state.Of("stream"),
            ["Proofgate:Outbound:AllowLoopback"] = "true",
            ["Proofgate:Policy:Folder"] = settings.RepositoryRoot is { } root ? Path.Combine(root, "infra", "policy", "sample") : null,
        };
        if (settings.Options.Port is > 0 and var port)
        {
            // Proofs of possession are made for an address, and both of these reach this one.
            defaults["Proofgate:PublicOrigins:0"] = $"http://127.0.0.1:{port}";
            defaults["Proofgate:PublicOrigins:1"] = $"http://localhost:{port}";
        }

        if (sampleModel is not null)
        {
            defaults["Proofgate:Upstreams:sample:Endpoint"] = sampleModel.ToString();
        }

        return defaults;
    }
}
