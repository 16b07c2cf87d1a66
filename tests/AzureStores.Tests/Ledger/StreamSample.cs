using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Streaming;
using Proofgate.AzureStores.Ledger;

namespace Proofgate.AzureStores.Tests.Ledger;

/// <summary>A stream as publishers fill it, in memory: events of a real source, and now and then a record that is none.</summary>
internal sealed class StreamSample : IAuditTransport, ISubjectKeyStore, IStreamHistory
{
    internal static readonly StreamIdentity Identity = new("embedded:azurite-test", new DateTimeOffset(2026, 11, 23, 20, 50, 36, TimeSpan.Zero));

    private readonly List<byte[]> _bodies = [];

    internal List<StreamRecord> Records => [.. _bodies.Select(static (b, i) => new StreamRecord(i, Identity.CreatedAt, b))];

    /// <summary>So many events, their source's opening and closing, a record that is no event, and one that was sent twice.</summary>
    internal static async Task<StreamSample> MakeAsync(int events)
    {
        var sample = new StreamSample();
        var options = Options.Create(new AuditOptions());
        using var key = new ProcessKey();
        var sealer = new PersonalSealer(sample, AuditKeys.FromMaster(new byte[32]), options, TimeProvider.System);
        await using (var publisher = new AuditPublisher(sample, sealer, key, options, TimeProvider.System, NullLogger<AuditPublisher>.Instance))
        {
            for (var i = 0; i < events; i++)
            {
                await publisher.PublishAsync(
                    new OutcomeEvent { Id = AuditId.New(TimeProvider.System), Time = TimeProvider.System.GetUtcNow(), Result = "completed", Status = 200, BytesOut = i }, CancellationToken.None);
                if (i == events / 2)
                    sample._bodies.AddRange(["no event"u8.ToArray(), sample._bodies[^1]]);
            }
        }

        return sample;
    }

    /// <summary>Leaf 0 and the flag of the record that is no event come to the records; the one that was sent twice has no leaf.</summary>
    internal int Leaves => _bodies.Count + 1;

    internal Task<LedgerWriter> WriterAsync(TableLedger ledger, LedgerInsertion insertion) =>
        LedgerWriter.OpenAsync(ledger, "audit", 0, Identity, this, insertion, NullLogger.Instance, CancellationToken.None);

    public Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        _bodies.AddRange(events.Select(static e => e.ToArray()));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StreamRecord>>([.. Records.Where(r => r.Sequence >= from && r.Sequence < before)]);

    public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult<SubjectKeyRecord?>(null);

    public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(false);
}
