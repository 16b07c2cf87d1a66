using System.Collections.Concurrent;
using System.Net;
using Proofgate.Audit;
using Proofgate.Enforcement;
using Proofgate.Http;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Usage;
using Proofgate.Inference;
using Proofgate.Policy;
using Proofgate.Support;

namespace Proofgate.Benchmarks.Micro;

/// <summary>All rooms of the gateway, wired as a host wires them, over stores in memory: what is measured is our own part.</summary>
internal sealed class Rooms : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Rooms(WebApplication app, ApiKey key) => (_app, Key) = (app, key);

    internal IServiceProvider Services => _app.Services;

    internal ApiKey Key { get; }

    internal static async Task<Rooms> StartAsync(IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        var secret = Convert.ToBase64String(new byte[32]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Secrets:ApiKeyPepper:1"] = secret,
            ["Proofgate:Secrets:AuditMaster"] = secret,
            ["Proofgate:Policy:Folder"] = RepositoryRoot.Of("infra", "policy", "sample"),
            ["Proofgate:Outbound:AllowLoopback"] = "true",
            ["Proofgate:Upstreams:sample:Endpoint"] = "http://127.0.0.1:9/v1",
            ["Proofgate:Admission:RequestsPerMinute"] = "10000000",
            ["Proofgate:Identity:LookupsPerMinute"] = "1000000",
            ["Proofgate:PublicOrigins:0"] = Proof.Target.GetLeftPart(UriPartial.Authority),
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton<IApiKeyStore, MemoryKeys>();
        services.AddSingleton<IDenyStore, NoDenials>();
        services.AddSingleton<IKeyUseStore, NoUse>();
        services.AddSingleton<IProofReplayStore, NoReplays>();
        services.AddSingleton<ISubjectKeyStore, MemorySubjects>();
        services.AddSingleton<IAuditTransport, NoTransport>();
        services.AddProofgateIdentity(configuration);
        services.AddProofgateAudit(configuration);
        services.AddProofgatePolicy(configuration);
        services.AddProofgateEnforcement(configuration);
        services.AddProofgateInference(configuration);
        services.AddProofgateHttp(configuration);
        var app = builder.Build();
        await app.StartAsync();
        var creation = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(
            new ApiKeySpec { Name = "bench", Owner = "bench", Tenant = "default", Roles = new HashSet<string> { "developer" } }, "system", CancellationToken.None);
        return new Rooms(app, ((ApiKeyCreation.Created)creation).Key);
    }

    internal async Task<Caller> CallerAsync()
    {
        var result = await Services.GetRequiredService<Authenticator>().AuthenticateAsync(Presented(), CancellationToken.None);
        return ((AuthenticationResult.Authenticated)result).Caller;
    }

    internal PresentedRequest Presented() =>
        new("POST", "/v1/chat/completions", new HeaderDictionary { ["Authorization"] = $"Bearer {Key.Reveal()}" }, IPAddress.Loopback);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class NoTransport : IAuditTransport
    {
        public Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoDenials : IDenyStore
    {
        public Task<IReadOnlyList<DenyEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DenyEntry>>([]);

        public Task PutAsync(DenyEntry entry, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryRemoveAsync(DenyEntry entry, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NoReplays : IProofReplayStore
    {
        public Task<bool> TryInsertAsync(ProofUse use, CancellationToken cancellationToken) => Task.FromResult(true);
    }

    private sealed class NoUse : IKeyUseStore
    {
        public Task NoteAsync(KeyId id, DateOnly day, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyDictionary<KeyId, DateOnly>> ReadAsync(KeyId from, KeyId to, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class MemorySubjects : ISubjectKeyStore
    {
        private readonly ConcurrentDictionary<string, SubjectKeyRecord> _rows = new();

        public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_rows.GetValueOrDefault(lookup));

        public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => Task.FromResult(_rows.TryAdd(record.Lookup, record));

        public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_rows.TryRemove(lookup, out _));
    }

    private sealed class MemoryKeys : IApiKeyStore
    {
        private readonly ConcurrentDictionary<KeyId, ApiKeyRecord> _rows = new();

        public Task<ApiKeyRecord?> FindAsync(KeyId id, CancellationToken cancellationToken) => Task.FromResult(_rows.GetValueOrDefault(id));

        public Task<bool> TryInsertAsync(ApiKeyRecord record, CancellationToken cancellationToken) => Task.FromResult(_rows.TryAdd(record.Id, record));

        public Task<bool> TryUpdateAsync(ApiKeyRecord record, CancellationToken cancellationToken)
        {
            _rows[record.Id] = record;
            return Task.FromResult(true);
        }

        public IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, CancellationToken cancellationToken) => _rows.Values.ToAsyncEnumerable();

        public Task<KeyChanges> ReadChangesAsync(DateTimeOffset since, CancellationToken cancellationToken) => Task.FromResult(new KeyChanges([], []));

        public Task<bool> TryClaimInitializationAsync(KeyId firstKey, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
