using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Streaming;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Tests.Support;

/// <summary>
/// A log of several tenants and its signed evidence in a folder, as the gateway makes them: published, streamed to disk, moved into the table, derived and signed by
/// the audit room itself. Each tenant's records hold <see cref="CanaryOf"/>.
/// </summary>
internal sealed class RecordedEvidence : IDisposable
{
    internal const string Log = "test-00-000000";

    private readonly string _folder;
    private readonly List<Ed25519Signer> _former = [];
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private RecordedEvidence(string folder, MemoryLedger table, Ed25519Signer signer)
    {
        (_folder, Table, Signer) = (folder, table, signer);
        Store = new FileEvidenceStore(Folder);
    }

    internal static LogOrigin Origin { get; } = new("gateway.example/audit/log", "test");

    internal MemoryLedger Table { get; }

    internal Ed25519Signer Signer { get; private set; }

    internal string LogKey => Signer.KeyFor(Origin.Of(Origin.SuperLog)).ToString();

    internal string Folder => Path.Combine(_folder, "evidence");

    internal FileEvidenceStore Store { get; }

    internal static string CanaryOf(string tenant) => $"canary-of-{tenant}";

    /// <param name="folder">For the stream and the evidence.</param>
    /// <param name="calls">Calls of each tenant; their decisions come first, and then their outcomes.</param>
    /// <param name="tenants">Whose.</param>
    internal static async Task<RecordedEvidence> MakeAsync(string folder, int calls, params string[] tenants)
    {
        var recorded = new RecordedEvidence(folder, new MemoryLedger(), Ed25519Signer.Generate());
        await recorded.AddAsync(calls, tenants);
        return recorded;
    }

    /// <summary>The signed evidence of a log that is there already.</summary>
    internal static async Task<RecordedEvidence> OfAsync(string folder, MemoryLedger table)
    {
        var recorded = new RecordedEvidence(folder, table, Ed25519Signer.Generate());
        await recorded.SignAsync();
        return recorded;
    }

    internal async Task AddAsync(int calls, params string[] tenants)
    {
        var isNew = Table.Rows.Count == 0;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Audit:DataPath"] = Path.Combine(_folder, "stream"),
            ["Proofgate:Audit:Hub"] = Origin.Hub,
            ["Proofgate:Audit:Partitions"] = "1",
            ["Proofgate:Secrets:AuditMaster"] = Convert.ToBase64String(new byte[32]),
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<ILedgerTable>(Table);
        services.AddSingleton<ISubjectKeyStore>(new MemorySubjectKeys());
        services.AddProofgateAudit(configuration);
        services.AddProofgateEmbeddedAudit();
        await using (var provider = services.BuildServiceProvider())
        {
            // Created first, so that it is disposed of last: the publisher still writes to it.
            _ = provider.GetRequiredService<EmbeddedStream>();
            var pump = provider.GetRequiredService<LedgerPump>();
            await pump.StartAsync(CancellationToken.None);
            var stream = provider.GetRequiredService<IAuditStream>();
            var decisions = tenants.SelectMany(t => Enumerable.Range(0, calls).Select(_ => Decision(t))).ToList();
            // The first of all is too long for a bundle as C2SP has it.
            var refusals = tenants.Select((t, i) => Refusal(t, isNew && i == 0 ? 70_000 : 10));
            foreach (var published in (IEnumerable<AuditEvent>[])[decisions, refusals, tenants.Select(Key), decisions.Select(Outcome)])
            {
                await Task.WhenAll(published.Select(e => stream.PublishAsync(e, CancellationToken.None).AsTask()));
            }

            await pump.CatchUpAsync(CancellationToken.None);
        }

        await SignAsync();
    }

    /// <summary>The same log by the same key, without one event: every hash was made to agree again, and one commit row says that all of it came at once.</summary>
    internal Task<RecordedEvidence> WithoutOneEventAsync(string folder)
    {
        var events = Table.Rows.Where(static r => r.RowKey[0] == 'e').ToList();
        events.RemoveAt(10);
        return RebuiltAsync(folder, events);
    }

    /// <summary>
    /// The same log by the same key with a text of one event replaced, as its operator could have it: the events after it name its new hash, and every root and signature is
    /// made again.
    /// </summary>
    internal Task<RecordedEvidence> RewrittenAsync(string folder, string auditId, string text, string by)
    {
        var events = Table.Rows.Where(static r => r.RowKey[0] == 'e').ToList();
        var hashes = new Dictionary<string, string>();
        for (var i = 0; i < events.Count; i++)
        {
            var body = (byte[])events[i].Columns["b0"];
            var json = Encoding.UTF8.GetString(body);
            var changed = hashes.Aggregate(json.Contains(auditId, StringComparison.Ordinal) ? json.Replace(text, by, StringComparison.Ordinal) : json, static (j, h) => j.Replace(h.Key, h.Value, StringComparison.Ordinal));
            if (changed != json)
            {
                var rewritten = Encoding.UTF8.GetBytes(changed);
                hashes[MerkleHash.OfLeaf(body).ToString()] = MerkleHash.OfLeaf(rewritten).ToString();
                events[i] = events[i] with { Columns = new Dictionary<string, object>(events[i].Columns) { ["b0"] = rewritten } };
            }
        }

        Assert.NotEmpty(hashes);
        return RebuiltAsync(folder, events);
    }

    private async Task<RecordedEvidence> RebuiltAsync(string folder, List<LedgerRow> events)
    {
        var tree = new MerkleTree();
        var sequences = new List<byte>();
        var rows = events.Select((row, index) =>
        {
            tree.Append(MerkleHash.OfLeaf([.. Enumerable.Range(0, 15).SelectMany(i => row.Columns.TryGetValue($"b{i}", out var piece) ? (byte[])piece : [])]));
            Span<byte> sequence = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(sequence, (long)row.Columns["seq"]);
            sequences.AddRange(sequence);
            return row with { RowKey = string.Create(CultureInfo.InvariantCulture, $"e{index:D19}") };
        }).ToList();
        var newest = Table.Rows.First(static r => r.RowKey[0] == 'z');
        rows.Add(newest with
        {
            RowKey = string.Create(CultureInfo.InvariantCulture, $"z{long.MaxValue - tree.Size:D19}"),
            Columns = new Dictionary<string, object>(newest.Columns)
            {
                ["commit"] = 0L,
                ["size"] = tree.Size,
                ["root"] = tree.Root().ToArray(),
                ["frontier"] = (byte[])[.. tree.Frontier.SelectMany(static h => h.ToArray())],
                ["firstSeq"] = 0L,
                ["seqs"] = SHA256.HashData([.. sequences]),
                ["since"] = 0L,
            },
        });
        var holed = new RecordedEvidence(folder, new MemoryLedger(), Signer);
        await holed.Table.InsertAsync(newest.PartitionKey, rows, CancellationToken.None);
        await holed.SignAsync();
        return holed;
    }

    /// <summary>Another key signs from now on; the one before hands over.</summary>
    internal async Task ChangeKeyAsync()
    {
        var former = Signer;
        Signer = Ed25519Signer.Generate();
        _former.Add(former);
        await SignAsync(new FormerLogKey(former));
    }

    /// <summary>Derives and signs what the table holds, a minute later than before.</summary>
    internal async Task SignAsync(FormerLogKey? former = null)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        using var writer = new CheckpointWriter(Table, Store, Signer, Origin, _time, NullLogger<CheckpointWriter>.Instance, former);
        await writer.RunAsync(CancellationToken.None);
        Assert.True(writer.Health.Healthy, writer.Health.Detail);
    }

    public void Dispose()
    {
        Signer.Dispose();
        _former.ForEach(static f => f.Dispose());
    }

    private static DecisionEvent Decision(string tenant) => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        Request = new RequestRecord { Route = "/v1/chat/completions", Method = "POST", AuthMethod = "apikey", KeyId = "AAAAAAAA", Tenant = tenant },
        Decision = new DecisionRecord
        {
            Allowed = true,
            Action = "infer",
            Resource = $"Proofgate::Model::\"{CanaryOf(tenant)}\"",
            PolicyDigest = new string('0', 64),
            Policies = ["p"],
            Label = 0,
        },
    };

    private static RefusalEvent Refusal(string tenant, int length) => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        Request = Decision(tenant).Request,
        Status = 403,
        Reason = CanaryOf(tenant),
        Decision = Decision(tenant).Decision with { Allowed = false, Residuals = new Dictionary<string, string> { ["d"] = new('x', length) } },
    };

    private static KeyEvent Key(string tenant) => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        Act = "created",
        KeyId = CanaryOf(tenant),
        Tenant = tenant,
        By = "system",
    };

    private static OutcomeEvent Outcome(DecisionEvent decision) => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        CorrelationId = decision.Id,
        Result = "completed",
        Status = 200,
        Target = CanaryOf(decision.Request.Tenant!),
    };
}
