using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Ledger;

public sealed class LedgerFollowerTests
{
    private readonly MemoryLedgerTable _table = new();
    private readonly FakeTimeProvider _time = new(Sample.Time);
    private readonly List<byte[]> _chain = Sample.Chain(new SourceId(1), Enumerable.Range(1, 8).Select(i => Sample.Decision(i)));
    private readonly LedgerInlet _inlet;
    private readonly LedgerFollower _follower;

    public LedgerFollowerTests()
    {
        _inlet = new LedgerInlet(_table, new Hub(), Options.Create(new LedgerOptions()), NullLogger<LedgerInlet>.Instance);
        _follower = new LedgerFollower(_table, _time);
    }

    [Fact]
    public async Task Events_AreSeenFromWhereTheLedgerEnds_EachOnce()
    {
        await _inlet.AppendAsync(0, Sample.Records(_chain[..2]), default);
        Assert.Empty(await SeenAsync());
        await _inlet.AppendAsync(0, Sample.Records(_chain[2..4], 2), default);
        Assert.Equal([3, 4], await SeenAsync());
        Assert.Empty(await SeenAsync());
        await _inlet.AppendAsync(0, Sample.Records(_chain[4..], 4), default);
        Assert.Equal([5, 6, 7, 8], await SeenAsync());

        _follower.Forget();
        Assert.Empty(await SeenAsync());
    }

    [Fact]
    public async Task PartitionThatTurnsUpLater_IsReadFromItsBeginning()
    {
        Assert.Empty(await SeenAsync());
        await _inlet.AppendAsync(3, Sample.Records(_chain[..2]), default);
        Assert.Empty(await SeenAsync());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(await SeenAsync());
        Assert.Equal([1, 2], await SeenAsync());
    }

    [Fact]
    public async Task LeavesThatAreNoEvents_AndWhatTheyFlag_AreLeftOut()
    {
        await _follower.BeginAsync(default);
        await _inlet.AppendAsync(0, Sample.Records([_chain[0], "{}"u8.ToArray(), _chain[5], _chain[1]]), default);
        _time.Advance(TimeSpan.FromSeconds(5));
        await SeenAsync();
        Assert.Equal([1, 2], await SeenAsync());
    }

    [Fact]
    public async Task Outage_IsTold_AndNothingIsLostByIt()
    {
        await _inlet.AppendAsync(0, Sample.Records(_chain[..1]), default);
        await _follower.BeginAsync(default);
        await _inlet.AppendAsync(0, Sample.Records(_chain[1..3], 1), default);
        _table.Fault = static (_, _) => throw new LedgerUnavailableException("away");
        await Assert.ThrowsAsync<LedgerUnavailableException>(SeenAsync);
        _table.Fault = null;
        Assert.Equal([2, 3], await SeenAsync());
    }

    /// <summary>The numbers of the events that one look gives.</summary>
    private async Task<List<long>> SeenAsync()
    {
        var seen = new List<long>();
        await foreach (var read in _follower.ReadNewAsync(default))
        {
            seen.Add(read.Number);
        }

        return seen;
    }

    private sealed class Hub : IRemoteHistory
    {
        public Task<StreamIdentity> IdentifyAsync(CancellationToken cancellationToken) => Task.FromResult(Sample.Stream);

        public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StreamRecord>>([]);
    }
}
