using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;

namespace Proofgate.Audit.Tests.Checkpoints;

/// <summary>A ledger, its evidence and who signs it.</summary>
internal sealed class Bench : IDisposable
{
    internal const string Log = "audit-00-000000";

    internal static readonly SourceId Source = new(7);

    private readonly List<byte[]> _chain = [];

    internal static LogOrigin Origin { get; } = new("gateway.example/audit/log", "audit");

    internal MemoryLedgerTable Table { get; set; } = new();

    internal MemoryEvidence Evidence { get; } = new();

    internal Ed25519Signer Signer { get; } = Ed25519Signer.Generate();

    internal FakeTimeProvider Time { get; } = new(Sample.Time);

    internal IReadOnlyList<VerifierKey> Keys => [Signer.KeyFor(Origin.Of(Log))];

    internal CheckpointWriter Writer(ILogSigner? signer = null, IEvidenceStore? evidence = null, ILogSigner? former = null) =>
        new(Table, evidence ?? Evidence, signer ?? Signer, Origin, Time, NullLogger<CheckpointWriter>.Instance, former is null ? null : new FormerLogKey(former));

    internal EvidenceReader Reader(IEvidenceStore? evidence = null, params IReadOnlyList<WitnessEndpoint> witnesses) =>
        new(evidence ?? Evidence, Table, Origin, Time, witnesses);

    /// <summary>A key as an auditor pins it.</summary>
    internal static VerifierKey Pin(ILogSigner signer) => signer.KeyFor(Origin.Of(Origin.SuperLog));

    /// <summary>Verifies the evidence against pinned keys.</summary>
    internal Task<EvidenceReport> VerifyAsync(params IReadOnlyList<VerifierKey> pinned) => VerifyAsync(null, pinned);

    internal Task<EvidenceReport> VerifyAsync(WitnessPolicy? policy, IReadOnlyList<VerifierKey> pinned) =>
        new EvidenceVerifier(Evidence).VerifyAsync(new EvidenceOptions { Pinned = pinned, Policy = policy }, default);

    /// <summary>Verifies the rows.</summary>
    internal Task<VerificationReport> VerifyTableAsync() => new LedgerVerifier(Table).VerifyAsync(null, default);

    /// <summary>Puts the evidence back as it was.</summary>
    internal void Restore(IReadOnlyDictionary<string, byte[]> files)
    {
        Evidence.Files.Clear();
        foreach (var (path, bytes) in files)
            Evidence.Files[path] = bytes;
    }

    /// <summary>Appends events and signs them.</summary>
    internal async Task<CheckpointHealth> GrowAsync(int events, CheckpointWriter? writer = null)
    {
        await AppendAsync(events);
        using var own = Writer();
        await (writer ?? own).RunAsync(default);
        return (writer ?? own).Health;
    }

    internal async Task AppendAsync(int events)
    {
        var first = _chain.Count;
        for (var i = 0; i < events; i++)
        {
            var number = _chain.Count + 1;
            _chain.Add(Sample.Encode(Source, number, number == 1 ? null : MerkleHash.OfLeaf(_chain[^1]), Event(number)));
        }

        var ledger = await Sample.WriterAsync(Table);
        await ledger.AppendAsync(Sample.Records(_chain.Skip(first), first), default);
    }

    internal static AuditId Id(int number) => Event(number).Id;

    /// <summary>The newest checkpoint of the partition, verified.</summary>
    internal async Task<SignedCheckpoint?> NewestAsync() =>
        await Reader().CheckpointAsync(Log, default) is { } bytes && SignedCheckpoint.TryOpen(bytes, Origin.Of(Log), Keys, out var opened) ? opened : null;

    public void Dispose() => Signer.Dispose();

    private static AuditEvent Event(int number)
    {
        var time = Sample.Time.AddMilliseconds(number);
        var id = new AuditId(new Guid([.. Millis(time), 0x70, 0, 0x80, 0, 0, 0, .. BitConverter.GetBytes(number)], bigEndian: true));
        return number % 2 == 1 ? Sample.Decision(number) with { Id = id, Time = time } : Sample.Outcome(number, Event(number - 1).Id) with { Id = id, Time = time };
    }

    private static byte[] Millis(DateTimeOffset time)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds());
        return bytes[2..];
    }
}
