using Microsoft.Extensions.Logging.Abstractions;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>Things that many tests need.</summary>
internal static class Sample
{
    internal static readonly DateTimeOffset Time = new(2026, 11, 23, 20, 50, 36, 123, TimeSpan.Zero);

    internal static readonly StreamIdentity Stream = new("embedded:test", Time);

    internal static AuditOptions Options(Action<AuditOptions>? change = null)
    {
        var options = new AuditOptions { MasterKey = Convert.ToBase64String(new byte[32]) };
        change?.Invoke(options);
        return options;
    }

    internal static PersonalSealer Sealer(ISubjectKeyStore? store = null, TimeProvider? time = null, AuditOptions? options = null)
    {
        var held = Microsoft.Extensions.Options.Options.Create(options ?? Options());
        return new PersonalSealer(store ?? new MemorySubjectKeys(), new AuditKeys(held), held, time ?? TimeProvider.System);
    }

    internal static AuditPublisher Publisher(IAuditTransport transport, Action<AuditOptions>? change = null, TimeProvider? time = null, ISubjectKeyStore? store = null)
    {
        var options = Options(change);
        return new AuditPublisher(
            transport, Sealer(store, time, options), new ProcessKey(), Microsoft.Extensions.Options.Options.Create(options),
            time ?? TimeProvider.System, NullLogger<AuditPublisher>.Instance);
    }

    internal static AuditId Id(int number) => new(new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1));

    internal static OutcomeEvent Outcome(int number, AuditId? decision = null) => new()
    {
        Id = Id(number),
        Time = Time.AddSeconds(number),
        CorrelationId = decision,
        Result = "completed",
        Status = 200,
        BytesOut = number,
        Duration = TimeSpan.FromMilliseconds(12),
    };

    internal static DecisionEvent Decision(int number, bool allowed = true) => new()
    {
        Id = Id(number),
        Time = Time.AddSeconds(number),
        Request = new RequestRecord { Route = "/v1/chat/completions", Method = "POST", Dialect = "openai.chat", AuthMethod = "apikey", KeyId = "abcd1234", Tenant = "acme" },
        Decision = new DecisionRecord
        {
            Allowed = allowed,
            Action = "infer",
            Resource = "Proofgate::Model::\"sample\"",
            PolicyDigest = new string('a', 64),
            Policies = ["permit-all"],
            Label = 1,
        },
    };

    /// <summary>Events of one source as its publisher writes them.</summary>
    internal static List<byte[]> Chain(SourceId source, IEnumerable<AuditEvent> events)
    {
        var bodies = new List<byte[]>();
        MerkleHash? previous = null;
        foreach (var auditEvent in events)
        {
            var body = Encode(source, bodies.Count + 1, previous, auditEvent);
            bodies.Add(body);
            previous = MerkleHash.OfLeaf(body);
        }

        return bodies;
    }

    internal static byte[] Encode(SourceId source, long number, MerkleHash? previous, AuditEvent auditEvent, SealedPart? personal = null)
    {
        using var buffer = new PooledBuffer(1024);
        buffer.Advance(EventWriter.WriteHead(buffer.GetSpan(EventLimits.MaxHeadBytes), auditEvent.Id, source, number, previous));
        EventWriter.WriteTail(buffer, auditEvent, personal);
        return buffer.WrittenSpan.ToArray();
    }

    internal static List<StreamRecord> Records(IEnumerable<byte[]> bodies, long first = 0) => [.. bodies.Select((b, i) => new StreamRecord(first + i, Time, b))];

    internal static Task<LedgerWriter> WriterAsync(ILedgerTable table, IStreamHistory? history = null, StreamIdentity? stream = null, LedgerInsertion insertion = default) =>
        LedgerWriter.OpenAsync(table, "audit", 0, stream ?? Stream, history ?? MemoryHistory.Empty, insertion, NullLogger.Instance, CancellationToken.None);

    /// <summary>Leaves of a partition's newest log, in order.</summary>
    internal static List<byte[]> Leaves(MemoryLedgerTable table, string partition = "audit-00-000000") =>
        [.. table.Partitions[partition].Values.Where(r => r.RowKey[0] == 'e').Select(r => EventRow.Read(r, out _)!.Value.Body)];
}
