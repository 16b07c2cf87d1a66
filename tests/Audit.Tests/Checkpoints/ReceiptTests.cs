using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tests.Checkpoints;

public sealed class ReceiptTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Receipt_IsFound_AndVerifies_ForEveryEvent_InFullTilesAndInTheTail()
    {
        await _bench.GrowAsync(1300);
        var reader = _bench.Reader();
        for (var number = 1; number <= 1300; number += number < 1200 ? 37 : 1)
        {
            var found = Assert.IsType<ReceiptSearch.Found>(await reader.FindAsync(Bench.Id(number), default));
            Assert.True(TlogProof.TryParse(found.Proof.ToBytes(), out var proof));
            Assert.Equal(number, proof.Index);
            Assert.True(proof.Verify(MerkleHash.OfLeaf(proof.Extra!.Value.Span), Bench.Origin.Of(Bench.Log), _bench.Keys, out var opened));
            Assert.Equal(1301, opened.Size);
            Assert.False(proof.Verify(MerkleHash.OfLeaf("x"u8), Bench.Origin.Of(Bench.Log), _bench.Keys, out _));
            Assert.False((proof with { Index = number - 1 }).Verify(MerkleHash.OfLeaf(proof.Extra!.Value.Span), Bench.Origin.Of(Bench.Log), _bench.Keys, out _));
            Assert.False(proof.Verify(MerkleHash.OfLeaf(proof.Extra!.Value.Span), Bench.Origin.Of("audit-01-000000"), _bench.Keys, out _));
        }
    }

    [Fact]
    public async Task Receipt_IsPending_WhileTheEventMayYetCome_AndUnknownAfterwards()
    {
        await _bench.GrowAsync(3);
        await _bench.AppendAsync(3);
        Assert.IsType<ReceiptSearch.Pending>(await _bench.Reader().FindAsync(Bench.Id(5), default));
        Assert.IsType<ReceiptSearch.Pending>(await _bench.Reader().FindAsync(AuditId.New(_bench.Time), default));
        Assert.IsType<ReceiptSearch.Unknown>(await _bench.Reader().FindAsync(new AuditId(Guid.NewGuid()), default));
        var stranger = AuditId.New(_bench.Time);
        _bench.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.IsType<ReceiptSearch.Unknown>(await _bench.Reader().FindAsync(stranger, default));
        await _bench.GrowAsync(0);
        Assert.IsType<ReceiptSearch.Found>(await _bench.Reader().FindAsync(Bench.Id(5), default));
    }

    [Fact]
    public async Task Receipt_IsNotGiven_WhereTheEvidenceWasChanged()
    {
        await _bench.GrowAsync(10);
        var path = $"{Bench.Log}/tile/0/000.p/11";
        _bench.Evidence.Files[path][3] ^= 1;
        await Assert.ThrowsAsync<EvidenceDamagedException>(() => _bench.Reader().FindAsync(Bench.Id(5), default));
    }

    [Fact]
    public async Task Files_AreGivenForTheHubsOwnLogsOnly()
    {
        await _bench.GrowAsync(2);
        Assert.NotNull(await _bench.Reader().CheckpointAsync("audit-super", default));
        foreach (var log in (string[])["other-00-000000", "audit-00-000001", "audit-0-000000", "..", "", "audit-00-000000/.."])
            Assert.Null(await _bench.Reader().CheckpointAsync(log, default));
    }
}
