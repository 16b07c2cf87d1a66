using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.Cedar;

namespace Proofgate.Cli.Tests.Support;

/// <summary>A ledger whose decisions have their requests in sealed parts, as the gateway writes them.</summary>
internal sealed class RecordedDecisions(MemorySubjectKeys? keys = null)
{
    internal static readonly string Master = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);

    internal MemoryLedger Table { get; } = new();

    internal MemorySubjectKeys Keys { get; } = keys ?? new MemorySubjectKeys();

    /// <summary>Of the bundle that is said to have decided.</summary>
    internal string PolicyDigest { get; init; } = new('0', 64);

    /// <param name="folder">For the stream on disk.</param>
    /// <param name="decisions">Subject, role, whether it was allowed, by which policies; all ask the model `assistant` of <see cref="BundleFiles"/>.</param>
    internal async Task<IReadOnlyList<string>> AddAsync(string folder, params (string Subject, string Role, bool Allowed, string[] Policies)[] decisions)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Audit:DataPath"] = Path.Combine(folder, "stream"),
            ["Proofgate:Audit:Hub"] = "test",
            ["Proofgate:Audit:Partitions"] = "1",
            ["Proofgate:Secrets:AuditMaster"] = Master,
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<ILedgerTable>(Table);
        services.AddSingleton<ISubjectKeyStore>(Keys);
        services.AddProofgateAudit(configuration);
        services.AddProofgateEmbeddedAudit();
        await using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<EmbeddedStream>();
        var pump = provider.GetRequiredService<LedgerPump>();
        await pump.StartAsync(CancellationToken.None);
        var stream = provider.GetRequiredService<IAuditStream>();
        var ids = new List<string>();
        foreach (var (subject, role, allowed, policies) in decisions)
        {
            var id = AuditId.New(TimeProvider.System);
            ids.Add(id.ToString());
            await stream.PublishAsync(Event(id, subject, role, allowed, policies), CancellationToken.None);
        }

        await pump.CatchUpAsync(CancellationToken.None);
        return ids;
    }

    /// <summary>As a person is erased: the data key goes.</summary>
    internal void EraseEverybody() => Keys.Clear();

    private AuditEvent Event(AuditId id, string subject, string role, bool allowed, string[] policies)
    {
        var request = new RequestRecord { Route = "/v1/chat/completions", Method = "POST" };
        var decision = new DecisionRecord
        {
            Allowed = allowed,
            Action = "infer",
            Resource = "Proofgate::Model::\"assistant\"",
            PolicyDigest = PolicyDigest,
            Policies = policies,
            Label = 0,
        };
        var personal = new PersonalPart("t", subject, Encoding.UTF8.GetBytes(Personal(subject, role)));
        return allowed
            ? new DecisionEvent { Id = id, Time = TimeProvider.System.GetUtcNow(), Request = request, Decision = decision, Personal = personal }
            : new RefusalEvent
            {
                Id = id,
                Time = TimeProvider.System.GetUtcNow(),
                Request = request,
                Decision = decision,
                Status = 403,
                Reason = "policy_denied",
                Personal = personal,
            };
    }

    private static string Personal(string subject, string role)
    {
        var user = new EntityUid("Proofgate::User", subject);
        var model = new EntityUid("Proofgate::Model", "assistant");
        var context = RecordValue.Of(
            ("auth", RecordValue.Of(("method", "jwt"), ("bound", false))), ("scopes", SetValue.Empty), ("now", new DatetimeValue(0)), ("weekday", 4), ("minuteOfDay", 0),
            ("label", 0), ("kinds", SetValue.Empty), ("opaque", false), ("stream", false));
        var entities = CedarJson.Write([
            new Entity(user)
            {
                Parents = [new("Proofgate::Role", role)],
                Attributes = RecordValue.Of(("tenant", new EntityUid("Proofgate::Tenant", "t")), ("clearance", 0)),
            },
            new Entity(model) { Attributes = RecordValue.Of(("provider", "openai"), ("region", "us"), ("maxLabel", 1), ("external", true)) },
        ]);
        return $$"""{"client":"portal","request":{"entities":{{entities}},"requests":[{{CedarJson.Write(new Request(user, new("Proofgate::Action", "infer"), model, context))}}]},"subject":"{{subject}}"}""";
    }
}
