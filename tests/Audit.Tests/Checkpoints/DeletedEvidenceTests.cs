using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Checkpoints;

/// <summary>Evidence that is deleted while nobody runs who remembers it: the table does.</summary>
public sealed class DeletedEvidenceTests : IDisposable
{
    private const string Log = Bench.Log;

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Checkpoints_AreSignedAgain_WhereTheRowsStillGiveTheRootThatWasSigned()
    {
        await _bench.GrowAsync(50);
        var signed = _bench.Evidence.Files[$"{Log}/checkpoints/51"];
        Delete($"{Log}/");
        Assert.Equal(11, (await _bench.VerifyAsync(Bench.Pin(_bench.Signer))).Report.ExitCode);
        Assert.True((await _bench.GrowAsync(10)).Healthy);
        Assert.Equal(signed, _bench.Evidence.Files[$"{Log}/checkpoints/51"]);
        Assert.Contains($"{Log}/checkpoints/61", _bench.Evidence.Files.Keys);
        Assert.Equal(0, (await _bench.VerifyAsync(Bench.Pin(_bench.Signer))).Report.ExitCode);
    }

    [Fact]
    public async Task LogThatWasRewritten_IsNotSigned_ThoughItsEvidenceIsGone_AndIsFound()
    {
        await _bench.GrowAsync(50);
        await ForgeAsync(80);
        _bench.Evidence.Files.Clear();
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health is { Healthy: false, Alarm: true });
        Assert.DoesNotContain(_bench.Evidence.Files.Keys, static p => p.Contains("/checkpoints/", StringComparison.Ordinal));
        var report = await _bench.VerifyTableAsync();
        Assert.Equal(10, report.ExitCode);
        Assert.Contains(report.Findings, static f => f.RowKey is ['s', ..]);
    }

    [Fact]
    public async Task TailThatIsGoneFromBoth_IsNotSigned_AndIsNamedMissing()
    {
        await _bench.AppendAsync(20);
        var old = _bench.Table.Copy();
        await _bench.GrowAsync(30);
        Remember(old);
        _bench.Table = old;
        _bench.Evidence.Files.Clear();
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health.Alarm);
        Assert.Contains("21 leaves, 51 were signed", writer.Health.Detail, StringComparison.Ordinal);
        var report = await _bench.VerifyTableAsync();
        Assert.Equal(11, report.ExitCode);
        Assert.Contains("51 leaves were signed", Assert.Single(report.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TableThatIsEmpty_IsAnAlarm_AfterARestartToo()
    {
        await _bench.GrowAsync(5);
        foreach (var key in _bench.Table.Partitions[Log].Keys.Where(static k => k[0] != 's').ToList())
            _bench.Table.Partitions[Log].Remove(key);
        using var writer = _bench.Writer();
        await writer.RunAsync(default);
        Assert.True(writer.Health.Alarm);
        Assert.Contains("is empty and 6 leaves are signed", writer.Health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SuperLog_IsNeverBegunAgain_AndItsPartitionsAreSignedAllTheSame()
    {
        await _bench.GrowAsync(5);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await _bench.GrowAsync(5);
        var whole = _bench.Evidence.Files.ToDictionary();
        Delete("audit-super/checkpoints/2");
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var health = await _bench.GrowAsync(5);
        Assert.True(health.Alarm);
        Assert.Contains("2 leaves of audit-super were signed", health.Detail, StringComparison.Ordinal);
        Assert.Contains($"{Log}/checkpoints/16", _bench.Evidence.Files.Keys);
        Delete("audit-super/");
        Assert.True((await _bench.GrowAsync(5)).Alarm);
        Assert.DoesNotContain(_bench.Evidence.Files.Keys, static p => p.StartsWith("audit-super/", StringComparison.Ordinal));
        Assert.Equal(11, (await _bench.VerifyAsync(Bench.Pin(_bench.Signer))).Report.ExitCode);

        // A copy that is put back ends it.
        foreach (var (path, bytes) in whole.Where(static f => f.Key.StartsWith("audit-super/", StringComparison.Ordinal)))
            _bench.Evidence.Files[path] = bytes;
        Assert.True((await _bench.GrowAsync(5)).Healthy);
        Assert.Equal(0, (await _bench.VerifyAsync(Bench.Pin(_bench.Signer))).Report.ExitCode);
    }

    [Fact]
    public async Task Rows_AreOneForEachCheckpoint_AndAnyChangeInThemIsFound()
    {
        foreach (var events in (int[])[5, 6, 7])
            await _bench.GrowAsync(events);
        var rows = _bench.Table.Partitions[Log];
        Assert.Equal([19L, 12L, 6L], rows.Keys.Where(static k => k[0] == 's').Select(static k => LedgerKeys.TrySigned(k, out var size) ? size : 0));
        Assert.Equal(0, (await _bench.VerifyTableAsync()).ExitCode);
        var key = LedgerKeys.Signed(12);
        var row = rows[key];
        var root = ((byte[])row.Columns["root"]).ToArray();
        root[7] ^= 1;
        await FoundAsync(10, row with { Columns = new Dictionary<string, object> { ["root"] = root } });
        await FoundAsync(10, row with { Columns = new Dictionary<string, object> { ["root"] = row.Columns["root"], ["more"] = 1L } });
        await FoundAsync(10, row with { Columns = new Dictionary<string, object>() });
        await FoundAsync(10, row with { RowKey = LedgerKeys.Signed(11) });
        await FoundAsync(11, row with { RowKey = LedgerKeys.Signed(20) });
        await FoundAsync(10, row with { RowKey = LedgerKeys.Signed(0) });
        await FoundAsync(10, row with { RowKey = "s12" });
        _bench.Table.Partitions["audit-super"].Add("e0", new LedgerRow("audit-super", "e0", new Dictionary<string, object>()));
        Assert.Equal(10, (await _bench.VerifyTableAsync()).ExitCode);

        async Task FoundAsync(int code, LedgerRow changed)
        {
            rows.Remove(key);
            rows.Add(changed.RowKey, changed);
            Assert.Equal(code, (await _bench.VerifyTableAsync()).ExitCode);
            rows.Remove(changed.RowKey);
            rows.Add(key, row);
        }
    }

    /// <summary>Another history in the table, with what it remembers of signing left as it was.</summary>
    private async Task ForgeAsync(int events)
    {
        var forged = new MemoryLedgerTable();
        var writer = await Sample.WriterAsync(forged);
        await writer.AppendAsync(Sample.Records(Sample.Chain(new(9), Enumerable.Range(1, events).Select(static i => Sample.Outcome(i)))), default);
        Remember(forged);
        _bench.Table = forged;
    }

    private void Remember(MemoryLedgerTable table)
    {
        foreach (var (partition, rows) in _bench.Table.Partitions)
        {
            foreach (var row in rows.Values.Where(static r => r.RowKey[0] == 's'))
            {
                if (!table.Partitions.TryGetValue(partition, out var held))
                    table.Partitions[partition] = held = new SortedList<string, LedgerRow>(StringComparer.Ordinal);
                held[row.RowKey] = row;
            }
        }
    }

    private void Delete(string prefix)
    {
        foreach (var path in _bench.Evidence.Files.Keys.Where(p => p.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            _bench.Evidence.Files.Remove(path);
    }
}
