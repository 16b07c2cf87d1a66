using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Streaming;

public sealed class EmbeddedStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Sample.Time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Crc_IsCastagnoli() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public async Task Records_ComeBackInOrder_AfterReopening()
    {
        await using (var stream = Open())
        {
            Assert.Equal(0, await stream.AppendAsync(0, Bodies(0, 3), default));
            Assert.Equal(3, await stream.AppendAsync(0, Bodies(3, 2), default));
        }

        await using var again = Open();
        Assert.Equal(new StreamRange(0, 5), again.RangeOf(0));
        Assert.Equal(["0", "1", "2", "3", "4"], await TextsAsync(again, 0, 5));
        Assert.Equal(["3", "4"], await TextsAsync(again, 3, 2));
        Assert.Equal(5, await again.AppendAsync(0, Bodies(5, 1), default));
    }

    [Fact]
    public async Task Identity_Stays_AndAnotherFolderHasAnother()
    {
        StreamIdentity identity;
        await using (var stream = Open())
            identity = stream.Identity;
        _time.Advance(TimeSpan.FromDays(1));
        await using (var again = Open(o => o.Partitions = 7))
            Assert.Equal((identity, 1), (again.Identity, again.Partitions));
        using var other = new TemporaryFolder();
        await using var another = Open(o => o.DataPath = other.Path);
        Assert.NotEqual(identity, another.Identity);
    }

    [Fact]
    public async Task SecondProcess_IsRefusedWithASentence()
    {
        await using var stream = Open();
        var error = Assert.Throws<EmbeddedStreamException>(() => Open());
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TornTail_IsCutOff_AtEveryByteOfTheLastRecord()
    {
        await using (var stream = Open())
        {
            await stream.AppendAsync(0, Bodies(0, 3), default);
            await stream.AppendAsync(0, [Encoding.UTF8.GetBytes("the last record")], default);
        }

        var file = Directory.GetFiles(Path.Combine(_folder.Path, "p00"), "*.seg").Single();
        var whole = File.ReadAllBytes(file);
        var last = RecordFrame.HeaderBytes + "the last record".Length;
        for (var cut = 1; cut <= last; cut++)
        {
            File.WriteAllBytes(file, whole[..^cut]);
            await ReopenedAsync();
            // A tail whose length is right and whose bytes never reached the disk.
            File.WriteAllBytes(file, [.. whole[..^cut], .. new byte[cut]]);
            await ReopenedAsync();
        }

        async Task ReopenedAsync()
        {
            await using var stream = Open();
            Assert.Equal(new StreamRange(0, 3), stream.RangeOf(0));
            Assert.Equal(3, await stream.AppendAsync(0, Bodies(3, 1), default));
            Assert.Equal(["0", "1", "2", "3"], await TextsAsync(stream, 0, 4));
        }
    }

    [Fact]
    public async Task EveryAcknowledgedRecord_IsThere_AfterAProcessThatNeverClosed()
    {
        await using var stream = Open();
        using var copy = new TemporaryFolder();
        for (var i = 0; i < 20; i++)
        {
            await stream.AppendAsync(0, Bodies(i, 1), default);
            // What a killed process leaves: its files as they are, and no lock.
            Directory.CreateDirectory(Path.Combine(copy.Path, "p00"));
            foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
                File.Copy(file, Path.Combine(copy.Path, Path.GetRelativePath(_folder.Path, file)), overwrite: true);
            await using var after = Open(o => o.DataPath = copy.Path);
            Assert.Equal((stream.Identity, i + 1L), (after.Identity, after.RangeOf(0).Next));
            Assert.Equal(Enumerable.Range(0, i + 1).Select(n => $"{n}"), await TextsAsync(after, 0, i + 1));
        }
    }

    [Fact]
    public async Task EveryFlippedByte_IsNoticed_InTheLastRecord()
    {
        await using (var stream = Open())
            await stream.AppendAsync(0, Bodies(0, 3), default);
        var file = Directory.GetFiles(Path.Combine(_folder.Path, "p00"), "*.seg").Single();
        var whole = File.ReadAllBytes(file);
        for (var i = 2 * whole.Length / 3; i < whole.Length; i++)
        {
            var changed = whole.ToArray();
            changed[i] ^= 0x10;
            File.WriteAllBytes(file, changed);
            await using var stream = Open();
            Assert.Equal(new StreamRange(0, 2), stream.RangeOf(0));
        }
    }

    [Fact]
    public async Task GroupCommit_KeepsBatchesTogether_UnderConcurrency()
    {
        await using var stream = Open();
        var firsts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
            stream.AppendAsync(0, [Encoding.UTF8.GetBytes($"{i}/0"), Encoding.UTF8.GetBytes($"{i}/1"), Encoding.UTF8.GetBytes($"{i}/2")], default))));
        var texts = await TextsAsync(stream, 0, 600);
        for (var i = 0; i < 200; i++)
            Assert.Equal([$"{i}/0", $"{i}/1", $"{i}/2"], texts[(int)firsts[i]..((int)firsts[i] + 3)]);
    }

    [Fact]
    public async Task Reader_WaitsForMore_AndSeesItAtOnce()
    {
        await using var stream = Open();
        await using var reader = stream.ReadAsync(0, 0, default).GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await stream.AppendAsync(0, Bodies(0, 1), default);
        Assert.True(await next);
        Assert.Equal(0, reader.Current.Sequence);
    }

    [Fact]
    public async Task Reader_WaitsUntilItIsCancelled_WhenTheStreamIsClosedUnderIt()
    {
        var stream = Open();
        await stream.AppendAsync(0, Bodies(0, 3), default);
        using var stop = new CancellationTokenSource();
        await using var reading = stream.ReadBatchesAsync(0, 0, 1, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await reading.MoveNextAsync());

        await stream.DisposeAsync();
        Task<bool>? next = null;
        await Task.Run(void () => next = reading.MoveNextAsync().AsTask(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next!);
    }

    [Fact]
    public async Task Segments_Roll_AndGoOnlyWhenTheLedgerHasThemForTheRetention()
    {
        await using (var stream = Open(o => o.SegmentBytes = 64))
        {
            for (var i = 0; i < 20; i++)
                await stream.AppendAsync(0, Bodies(i, 1), default);
            Assert.True(Directory.GetFiles(Path.Combine(_folder.Path, "p00"), "*.seg").Length > 3);
            stream.Release(0, 9);
            _time.Advance(TimeSpan.FromDays(6));
            stream.Release(0, 9);
            Assert.Equal(0, stream.RangeOf(0).First);
        }

        // The time is remembered over a restart.
        await using var again = Open(o => o.SegmentBytes = 64);
        _time.Advance(TimeSpan.FromDays(2));
        again.Release(0, 9);
        Assert.InRange(again.RangeOf(0).First, 7, 10);
        Assert.Equal(20, again.RangeOf(0).Next);
        Assert.Equal("10", (await TextsAsync(again, 10, 1))[0]);
        var first = again.RangeOf(0).First;
        Assert.Equal(first.ToString(System.Globalization.CultureInfo.InvariantCulture), (await TextsAsync(again, 0, 1))[0]);
    }

    [Fact]
    public async Task FullDisk_IsRefusedInWords_AndTakesRecordsAgainWhenThereIsRoom()
    {
        await using var stream = Open(o => (o.MaxDiskBytes, o.SegmentBytes, o.Retention) = (1 << 20, 64 << 10, TimeSpan.Zero));
        var record = new ReadOnlyMemory<byte>[] { new byte[60_000] };
        var stored = 0;
        var error = await Assert.ThrowsAsync<AuditUnavailableException>(async () =>
        {
            for (; stored < 100; stored++)
                await stream.AppendAsync(0, record, default);
        });
        Assert.Contains("Proofgate:Audit:MaxDiskBytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(17, stored);
        stream.Release(0, stream.RangeOf(0).Next - 1);
        await stream.AppendAsync(0, record, default);
    }

    [Fact]
    public async Task LargeRecords_AreReadWhole_AmongSmallOnes()
    {
        await using var stream = Open();
        var large = new byte[RecordFrame.MaxBodyBytes];
        Array.Fill(large, (byte)'x');
        await stream.AppendAsync(0, [Encoding.UTF8.GetBytes("a"), large, Encoding.UTF8.GetBytes("b")], default);
        var texts = await TextsAsync(stream, 0, 3);
        Assert.Equal(("a", large.Length, "b"), (texts[0], texts[1].Length, texts[2]));
        Assert.Throws<ArgumentException>(() => { _ = stream.AppendAsync(0, [new byte[RecordFrame.MaxBodyBytes + 1]], default); });
    }

    [Fact]
    public async Task DamagedOldSegment_LosesItsRest_AndReadingGoesOnAfterIt()
    {
        await using (var stream = Open(o => o.SegmentBytes = 1000))
        {
            for (var i = 0; i < 100; i++)
                await stream.AppendAsync(0, Bodies(i, 1), default);
        }

        var file = Directory.GetFiles(Path.Combine(_folder.Path, "p00"), "*.seg").Order().First();
        var bytes = File.ReadAllBytes(file);
        bytes[(RecordFrame.HeaderBytes + 1) * 5] ^= 1;
        File.WriteAllBytes(file, bytes);
        await using var again = Open(o => o.SegmentBytes = 1000);
        Assert.Equal(100, again.RangeOf(0).Next);
        var sequences = new List<long>();
        await foreach (var record in again.ReadAsync(0, 0, default))
        {
            sequences.Add(record.Sequence);
            if (record.Sequence == 99)
                break;
        }

        Assert.Equal([0, 1, 2, 3, 4], sequences.Take(5));
        Assert.True(sequences[5] > 5);
        Assert.Equal(sequences[^1] - sequences[5] + 1, sequences.Count - 5);
    }

    [Fact]
    public async Task Partition_DependsOnTheKeyAlone()
    {
        await using var stream = Open(o => o.Partitions = 4);
        var keys = Enumerable.Range(0, 100).Select(i => $"source-{i}").ToArray();
        Assert.Equal(4, keys.Select(stream.PartitionOf).Distinct().Count());
        Assert.Equal(keys.Select(stream.PartitionOf), keys.Select(stream.PartitionOf));
        await stream.SendAsync(keys[0], Bodies(0, 1), default);
        Assert.Equal(1, stream.RangeOf(stream.PartitionOf(keys[0])).Next);
    }

    private EmbeddedStream Open(Action<AuditOptions>? change = null) => new(
        Options.Create(Sample.Options(o =>
        {
            o.DataPath = _folder.Path;
            o.Partitions = 1;
            change?.Invoke(o);
        })),
        _time,
        NullLogger<EmbeddedStream>.Instance);

    private static ReadOnlyMemory<byte>[] Bodies(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"{i}")))];

    private static async Task<List<string>> TextsAsync(EmbeddedStream stream, long from, int count)
    {
        var texts = new List<string>();
        await foreach (var record in stream.ReadAsync(0, from, default))
        {
            texts.Add(Encoding.UTF8.GetString(record.Body.Span));
            if (texts.Count == count)
                break;
        }

        return texts;
    }
}
