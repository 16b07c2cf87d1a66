using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Audit.Evidence;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Usage;
using Proofgate.Inference;
using Proofgate.Policy;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Http.Tests.Support;

/// <summary>All rooms on a loopback Kestrel with the sample bundle; stores, audit stream and provider in memory.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    internal const string BootstrapToken = "bootstrap-token-of-at-least-32-characters";

    private WebApplication? _app;
    private int _peer;

    internal RecordedStream Stream { get; } = new();

    internal RefusalTransport Refusals { get; } = new();

    internal MemoryKeys Keys { get; } = new();

    internal MemoryDenials Denials { get; } = new();

    internal MemoryUse Uses { get; } = new();

    internal MemoryReplays Replays { get; } = new();

    /// <summary>Asked only where the settings name a store of policy.</summary>
    internal MemoryBundleStore Policies { get; } = new();

    internal ScriptedUpstream Upstream { get; } = new();

    internal FixtureTools Tools { get; } = new();

    internal CapturedLog Log { get; } = new();

    internal HttpClient Client { get; private set; } = null!;

    internal Uri Address => Client.BaseAddress!;

    internal IServiceProvider Services => _app!.Services;

    internal static Task<TestGateway> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(
        new EmptyLedger(), new FileEvidenceStore(Path.Combine(Path.GetTempPath(), "proofgate-no-evidence")), settings);

    /// <summary>With the client for all providers instead of the scripted one, so that providers are asked over the wire.</summary>
    internal static Task<TestGateway> StartOnWireAsync(Action<IServiceCollection>? services, params (string Key, string? Value)[] settings) => StartAsync(
        new EmptyLedger(), new FileEvidenceStore(Path.Combine(Path.GetTempPath(), "proofgate-no-evidence")), settings, onWire: true, services: services);

    /// <summary>With datasets for prompts to stand on.</summary>
    internal static Task<TestGateway> StartAsync(IGroundingSource source, params (string Key, string? Value)[] settings) => StartAsync(
        new EmptyLedger(), new FileEvidenceStore(Path.Combine(Path.GetTempPath(), "proofgate-no-evidence")), settings, services: s => s.AddSingleton(source));

    /// <summary>With sessions that others share.</summary>
    internal static Task<TestGateway> StartAsync(ISessionStore sessions, params (string Key, string? Value)[] settings) => StartAsync(
        new EmptyLedger(), new FileEvidenceStore(Path.Combine(Path.GetTempPath(), "proofgate-no-evidence")), settings, services: s => s.AddSingleton(sessions));

    /// <summary>With a log that was recorded before.</summary>
    internal static Task<TestGateway> StartAsync(RecordedEvidence recorded, IEvidenceStore evidence, params (string Key, string? Value)[] settings) => StartAsync(
        recorded.Table, evidence, [("Proofgate:Audit:Hub", RecordedEvidence.Origin.Hub), ("Proofgate:Audit:Origin", RecordedEvidence.Origin.Prefix), .. settings]);

    /// <summary>Under the name that it is reached by, which proofs of possession name too.</summary>
    internal static Task<TestGateway> StartUnderItsNameAsync(params (string Key, string? Value)[] settings)
    {
        var port = FreePort.Next();
        return StartAsync(
            new EmptyLedger(), new FileEvidenceStore(Path.Combine(Path.GetTempPath(), "proofgate-no-evidence")),
            [("Proofgate:PublicOrigins:0", $"http://127.0.0.1:{port}"), .. settings], port: port);
    }

    private static async Task<TestGateway> StartAsync(ILedgerTable ledger, IEvidenceStore evidence, (string Key, string? Value)[] settings, bool onWire = false, int port = 0, Action<IServiceCollection>? services = null)
    {
        var gateway = new TestGateway();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Policy:Folder"] = Path.Combine(RepositoryRoot.Path, "infra", "policy", "sample"),
            ["Proofgate:Secrets:ApiKeyPepper:1"] = Convert.ToBase64String(new byte[32]),
            ["Proofgate:Secrets:AuditMaster"] = Convert.ToBase64String(new byte[32]),
            ["Proofgate:Secrets:Bootstrap"] = BootstrapToken,
            ["Proofgate:Upstreams:sample:Endpoint"] = "http://127.0.0.1:9/",
            ["Proofgate:Upstreams:anthropic:Endpoint"] = "http://127.0.0.1:9/",
            ["Proofgate:Upstreams:anthropic:Secret"] = "of-the-provider",
            ["Proofgate:Upstreams:anthropic:Hosts:0"] = "127.0.0.1",
            ["Proofgate:DataSources:sample:Address"] = SampleDatabase.Path,
            ["Proofgate:Outbound:AllowLoopback"] = "true",
            ["Proofgate:TrustedHops"] = "1",
            ["Proofgate:Audit:SendTimeout"] = "00:00:10",
            ["Proofgate:Audit:GiveUpAfter"] = "00:00:10",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key, s.Value)));
        builder.Logging.ClearProviders().AddProvider(gateway.Log);
        builder.Services.AddSingleton<IAuditStream>(gateway.Stream);
        builder.Services.AddSingleton<IAuditTransport>(gateway.Refusals);
        builder.Services.AddSingleton<IApiKeyStore>(gateway.Keys);
        builder.Services.AddSingleton<ISubjectKeyStore>(gateway.Keys);
        builder.Services.AddSingleton<IDenyStore>(gateway.Denials);
        builder.Services.AddSingleton<IKeyUseStore>(gateway.Uses);
        builder.Services.AddSingleton<IProofReplayStore>(gateway.Replays);
        builder.Services.AddSingleton<IBundleStore>(gateway.Policies);
        if (!onWire)
        {
            builder.Services.AddSingleton<IUpstream>(gateway.Upstream);
        }

        builder.Services.AddSingleton<IToolSource>(gateway.Tools);
        builder.Services.AddSingleton(ledger);
        builder.Services.AddSingleton(evidence);
        builder.Services.AddProofgateGateway(builder.Configuration);
        services?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, static l => l.Protocols = HttpProtocols.Http1));
        gateway._app = builder.Build();
        gateway._app.MapProofgate();
        await gateway._app.StartAsync();
        gateway.Client = new HttpClient { BaseAddress = new Uri(gateway._app.Urls.Single()) };
        return gateway;
    }

    internal Task<string> DeveloperAsync() => KeyAsync("developer");

    internal Task<string> AdministratorAsync(string tenant = "default") => KeyAsync("administrator", tenant);

    internal async Task<string> KeyAsync(string role, string tenant = "default", KeyLimits? limits = null, string? thumbprint = null, long clearance = 0)
    {
        var spec = new ApiKeySpec
        {
            Name = role,
            Owner = role,
            Tenant = tenant,
            Environment = "test",
            Roles = new HashSet<string> { role },
            Limits = limits ?? new KeyLimits(),
            Thumbprint = thumbprint,
            Clearance = clearance,
        };
        var creation = await Services.GetRequiredService<ApiKeyService>().CreateAsync(spec, "test", CancellationToken.None);
        return ((ApiKeyCreation.Created)creation).Key.Reveal();
    }

    /// <summary>Sends a request. Each comes from a network of its own, unless it says where from, so that limits of networks do not add up.</summary>
    internal async Task<Answer> SendAsync(HttpRequestMessage request, string? key = null)
    {
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        if (!request.Headers.Contains("X-Forwarded-For"))
        {
            var peer = Interlocked.Increment(ref _peer);
            request.Headers.Add("X-Forwarded-For", $"10.{(peer >> 8) & 255}.{peer & 255}.1");
        }

        using (request)
        {
            using var response = await Client.SendAsync(request);
            return new Answer(
                (int)response.StatusCode,
                response.Headers.Concat(response.Content.Headers).ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
                await response.Content.ReadAsStringAsync());
        }
    }

    internal Task<Answer> GetAsync(string path, string? key = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), key);

    internal Task<Answer> PostAsync(string path, string body, string? key = null) => SendAsync(Post(path, body), key);

    internal Task<Answer> ChatAsync(string key, string body = Samples.Chat, params (string Name, string Value)[] headers)
    {
        var request = Post("/v1/chat/completions", body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(request, key);
    }

    internal static HttpRequestMessage Post(string path, string body) => new(HttpMethod.Post, path)
    {
        Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
    };

    /// <summary>Opens a stream and reads it line by line; what comes first is waited for.</summary>
    internal async Task<StreamReader> OpenAsync(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Changes a setting while the gateway runs, as a vault does that was read again.</summary>
    internal void Set(string key, string? value)
    {
        var configuration = (IConfigurationRoot)_app!.Configuration;
        configuration[key] = value;
        configuration.Reload();
    }

    internal Task StopAsync() => _app!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Refusals.Hangs = false;
        Stream.Down = null;
        Client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Log.Dispose();
    }
}
