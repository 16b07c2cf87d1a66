using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Tiles;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Checkpoints;

public sealed class CheckpointWriterTests : IDisposable
{
    private const string Log = Bench.Log;

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Log_IsSigned_WithItsTilesBeforeIt_AndNothingTwice()
    {
        Assert.True((await _bench.GrowAsync(300)).Healthy);
        var newest = await _bench.NewestAsync();
        Assert.Equal(301, newest?.Size);
        var head = await LogStateReader.HeadAsync(_bench.Table, Log, default);
        Assert.Equal(head!.Root, newest!.Checkpoint.Root);
        Assert.Equal(newest.Checkpoint.Root, await new TileTree(new LogFiles(_bench.Evidence, Log), 301).RootAsync(default));
        Assert.Contains($"{Log}/index/000", _bench.Evidence.Files.Keys);
        var count = _bench.Evidence.Files.Count;
        await _bench.GrowAsync(0);
        Assert.Equal(count, _bench.Evidence.Files.Count);
        await _bench.GrowAsync(1);
        Assert.Equal(302, (await LogNewestAsync())?.Size);
    }

    [Fact]
    public async Task TileThatDiffersFromTheRows_IsAnAlarm_AndStaysAsItIs()
    {
        await _bench.GrowAsync(100);
        await _bench.AppendAsync(10);
        var path = $"{Log}/tile/0/000.p/111";
        _bench.Evidence.Files[path] = new byte[111 * 32];
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health is { Healthy: false, Alarm: true });
        Assert.Contains(path, writer.Health.Detail, StringComparison.Ordinal);
        Assert.Equal(new byte[111 * 32], _bench.Evidence.Files[path]);
        Assert.Equal(101, (await LogNewestAsync())?.Size);
    }

    [Fact]
    public async Task TableThatLostItsTail_IsNotSigned_UntilItIsConsistentAgain()
    {
        await _bench.AppendAsync(50);
        var old = _bench.Table.Copy();
        await _bench.GrowAsync(50);
        var whole = _bench.Table;
        _bench.Table = old;
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health is { Healthy: false, Alarm: true });
        Assert.Contains("tail is missing", writer.Health.Detail, StringComparison.Ordinal);
        Assert.Equal(101, (await LogNewestAsync())?.Size);
        // Filled again from the stream, with the same indices and roots, and more.
        _bench.Table = whole;
        Assert.True((await _bench.GrowAsync(5)).Healthy);
        Assert.Equal(106, (await LogNewestAsync())?.Size);
    }

    [Fact]
    public async Task TableThatIsEmptied_IsAnAlarm_WhileItsSignerRemembers()
    {
        using var writer = _bench.Writer();
        await _bench.GrowAsync(5, writer);
        _bench.Table.Partitions.Clear();
        await writer.RunAsync(default);
        Assert.True(writer.Health.Alarm);
    }

    [Fact]
    public async Task LedgerThatWasRewritten_IsNeverSigned_EvenWhereItAgreesWithItself()
    {
        await _bench.GrowAsync(300);
        using var other = new Bench { Table = new MemoryLedgerTable() };
        var forged = await Sample.WriterAsync(other.Table);
        await forged.AppendAsync(Sample.Records(Sample.Chain(new(9), Enumerable.Range(1, 400).Select(static i => Sample.Outcome(i)))), default);
        _bench.Table = other.Table;
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health is { Healthy: false, Alarm: true });
        Assert.Equal(301, (await LogNewestAsync())?.Size);
        Assert.DoesNotContain($"{Log}/checkpoints/401", _bench.Evidence.Files.Keys);
    }

    [Fact]
    public async Task RewriteOfTheSameSize_IsNeverSigned()
    {
        await _bench.GrowAsync(10);
        using var other = new Bench();
        var forged = await Sample.WriterAsync(other.Table);
        await forged.AppendAsync(Sample.Records(Sample.Chain(new(9), Enumerable.Range(1, 10).Select(static i => Sample.Outcome(i)))), default);
        _bench.Table = other.Table;
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health.Alarm);
        Assert.Contains("rewritten", writer.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_ThatOurKeyDidNotSign_StopsTheWriter()
    {
        await _bench.GrowAsync(10);
        using var stranger = Ed25519Signer.Generate();
        await _bench.AppendAsync(1);
        using var writer = _bench.Writer(stranger);
        await writer.RunAsync(default);
        Assert.True(writer.Health.Alarm);
        Assert.Equal(11, (await LogNewestAsync())?.Size);
    }

    [Fact]
    public async Task Files_KilledInMidWrite_LeaveNothingByTheirName_AndTornOnesAreWrittenAgain()
    {
        using var folder = new TemporaryFolder();
        var store = new FileEvidenceStore(folder.Path);
        await _bench.AppendAsync(20);
        using (var writer = _bench.Writer(evidence: store))
            await writer.RunAsync(default);
        var tile = folder.Of(Log, "tile", "0", "000.p", "21");
        var whole = await File.ReadAllBytesAsync(tile);
        // What a killed process leaves: another name; and what power loss may leave: the beginning of the file.
        await File.WriteAllBytesAsync(tile + ".1-aa.tmp", whole.AsMemory(0, 40));
        await File.WriteAllBytesAsync(tile, whole.AsMemory(0, 40));
        Assert.False(await store.InsertAsync($"{Log}/tile/entries/000.p/21", "other"u8.ToArray(), default));
        File.Delete(folder.Of(Log, "checkpoints", "21"));
        using (var writer = _bench.Writer(evidence: new FileEvidenceStore(folder.Path)))
        {
            await writer.RunAsync(default);
            Assert.True(writer.Health.Healthy, writer.Health.Detail);
        }

        Assert.Equal(whole, await File.ReadAllBytesAsync(tile));
        var paths = new List<string>();
        await foreach (var path in store.PathsAsync(Log, default))
            paths.Add(path);
        Assert.DoesNotContain(paths, static p => p.EndsWith(".tmp", StringComparison.Ordinal));

        // Bytes that are no beginning of it are not touched.
        await File.WriteAllBytesAsync(tile, new byte[40]);
        File.Delete(folder.Of(Log, "checkpoints", "21"));
        using var last = _bench.Writer(evidence: new FileEvidenceStore(folder.Path));
        await last.RunAsync(default);
        Assert.True(last.Health.Alarm);
        Assert.Equal(new byte[40], await File.ReadAllBytesAsync(tile));
    }

    [Fact]
    public async Task FileStore_GivesTheHighestNumber_AndNoPathOutsideItsFolder()
    {
        using var folder = new TemporaryFolder();
        var store = new FileEvidenceStore(folder.Of("in"));
        Assert.Null(await store.HighestAsync("log/checkpoints", default));
        foreach (var number in (int[])[9, 100, 20])
            Assert.True(await store.InsertAsync($"log/checkpoints/{number}", new byte[] { 1 }, default));
        Assert.Equal(100, await store.HighestAsync("log/checkpoints", default));
        await store.InsertAsync("log/checkpoints/101", new byte[] { 1 }, default);
        Assert.Equal(101, await store.HighestAsync("log/checkpoints", default));
        Assert.Equal(101, await new FileEvidenceStore(folder.Of("in")).HighestAsync("log/checkpoints", default));
        foreach (var path in (string[])["../x", "a/../x", "/x", "a//x", "", "a\\x", "A", ".x"])
            await Assert.ThrowsAsync<ArgumentException>(() => store.InsertAsync(path, new byte[] { 1 }, default));
        await Assert.ThrowsAsync<EvidenceDamagedException>(() => store.ReadAsync("log/checkpoints/101", 0, default));
    }

    [Fact]
    public async Task SuperLog_TakesALeafAMinute_ThatPinsEveryPartition()
    {
        for (var second = 0; second < 180; second += 20)
        {
            await _bench.GrowAsync(1);
            _bench.Time.Advance(TimeSpan.FromSeconds(20));
        }

        var leaves = await SuperLeavesAsync();
        var heads = leaves.ConvertAll(static l => HeadsLeaf.TryRead(l.Span)!);
        Assert.Equal(4, heads.Select(static h => h.Minute).Distinct().Count());
        Assert.Equal(heads.Count, heads.Select(static h => h.Minute).Distinct().Count());
        Assert.All(heads, static h => Assert.Equal(Log, Assert.Single(h.Logs).Log));
        var tree = new TileTree(new LogFiles(_bench.Evidence, Log), heads[^1].Logs[0].Size);
        Assert.Equal(heads[^1].Logs[0].Root, await tree.RootAsync(default));
    }

    private Task<SignedCheckpoint?> LogNewestAsync() =>
        new CheckpointFiles(_bench.Evidence, new LogFiles(_bench.Evidence, Log), Bench.Origin.Of(Log)).NewestAsync(_bench.Keys, default);

    private async Task<List<ReadOnlyMemory<byte>>> SuperLeavesAsync()
    {
        var size = await _bench.Evidence.HighestAsync("audit-super/checkpoints", default);
        var entries = await new LogFiles(_bench.Evidence, "audit-super").TryEntriesAsync(0, (int)size!, default);
        return [.. entries!];
    }
}
