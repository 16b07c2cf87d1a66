using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Ledger;

public sealed class LedgerInletTests
{
    private readonly MemoryLedgerTable _table = new();
    private readonly List<byte[]> _chain = Sample.Chain(new SourceId(1), Enumerable.Range(1, 6).Select(i => Sample.Outcome(i)));
    private int _asked;

    [Fact]
    public async Task Batches_AreAppendedOnce_EachToTheLogOfItsPartition()
    {
        var inlet = Inlet();
        await inlet.AppendAsync(0, Sample.Records(_chain[..2]), default);
        await inlet.AppendAsync(0, Sample.Records(_chain[1..4], 1), default);
        await inlet.AppendAsync(3, Sample.Records([[1, 2, 3]]), default);
        Assert.Equal(_chain[..4], Sample.Leaves(_table).Where(l => EventEnvelope.TryRead(l, out _)));
        Assert.Contains(Sample.Leaves(_table, "audit-03-000000"), l => l.SequenceEqual(new byte[] { 1, 2, 3 }));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Failure_ReachesTheTrigger_AndTheSameBatchIsAppendedOnceByTheNextAttempt()
    {
        var inlet = Inlet();
        await inlet.AppendAsync(0, Sample.Records(_chain[..2]), default);
        // Committed, and the reply lost: the trigger brings the batch again.
        _table.Fault = (_, after) =>
        {
            if (after)
            {
                _table.Fault = null;
                throw new LedgerUnavailableException("The reply was lost.");
            }
        };
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => inlet.AppendAsync(0, Sample.Records(_chain[2..], 2), default));
        await inlet.AppendAsync(0, Sample.Records(_chain[2..], 2), default);
        Assert.Equal(_chain, Sample.Leaves(_table).Where(l => EventEnvelope.TryRead(l, out _)));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task ConcurrentBatches_OfOnePartition_WaitForEachOther()
    {
        var inlet = Inlet();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => inlet.AppendAsync(0, Sample.Records(_chain), default))));
        Assert.Equal(_chain, Sample.Leaves(_table).Where(l => EventEnvelope.TryRead(l, out _)));
        Assert.Equal(1, _asked);
    }

    private LedgerInlet Inlet() => new(_table, new Hub(this), Options.Create(new LedgerOptions()), NullLogger<LedgerInlet>.Instance);

    private sealed class Hub(LedgerInletTests test) : IRemoteHistory
    {
        public Task<StreamIdentity> IdentifyAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref test._asked);
            return Task.FromResult(Sample.Stream);
        }

        public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StreamRecord>>([]);
    }
}
