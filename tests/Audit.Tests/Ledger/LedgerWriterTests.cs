using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Ledger;

public sealed class LedgerWriterTests(ITestOutputHelper output)
{
    private static readonly SourceId A = new(1);
    private static readonly SourceId B = new(2);

    private readonly MemoryLedgerTable _table = new();

    [Fact]
    public async Task OneEvent_IsCommittedAtOnce_AndManyInBatchesOf99()
    {
        var writer = await Sample.WriterAsync(_table);
        var chain = Sample.Chain(A, Enumerable.Range(1, 400).Select(i => Sample.Outcome(i)));
        await writer.AppendAsync(Sample.Records(chain[..1]), default);
        Assert.Equal([2, 2], _table.InsertSizes);
        await writer.AppendAsync(Sample.Records(chain[1..], 1), default);
        Assert.Equal([2, 2, 98, 98, 98, 98, 12], _table.InsertSizes);
        Assert.Equal(401, writer.Size);
        await SoundAsync(400);
    }

    [Fact]
    public async Task Root_IsTheMerkleRoot_OfTheLeavesThatStandThere()
    {
        var writer = await Sample.WriterAsync(_table);
        await writer.AppendAsync(Sample.Records(Sample.Chain(A, Enumerable.Range(1, 50).Select(i => Sample.Outcome(i)))), default);
        var leaves = Sample.Leaves(_table).ConvertAll(l => MerkleHash.OfLeaf(l));
        Assert.Equal(MerkleProof.Root(leaves.ToArray()), writer.Root);
    }

    [Fact]
    public async Task LargeBodies_AreSplit_AndKeepTheTransactionWithinItsBytes()
    {
        var writer = await Sample.WriterAsync(_table);
        var bodies = Enumerable.Range(0, 20).Select(i =>
        {
            var body = new byte[(i * 50_000) + 1];
            Array.Fill(body, (byte)i);
            return body;
        }).ToList();
        await writer.AppendAsync(Sample.Records(bodies), default);
        var report = await VerifyAsync();
        Assert.Equal((0, 20L), (report.ExitCode, report.Opaque));
        Assert.True(_table.InsertSizes.Count >= 4);
    }

    [Fact]
    public async Task RecordsThatAreNoEvents_AreLeavesAllTheSame_AndBlockNobody()
    {
        var writer = await Sample.WriterAsync(_table);
        var chain = Sample.Chain(A, Enumerable.Range(1, 3).Select(i => Sample.Outcome(i)));
        var forged = new WriterLeaf.Closed("rewound", Sample.Stream, 0).ToBytes();
        List<byte[]> bodies =
            [chain[0], [], "garbage"u8.ToArray(), forged, new WriterLeaf.Opaque(5).ToBytes(), chain[1], new byte[LedgerColumns.MaxSplitBytes + 1], chain[2]];
        await writer.AppendAsync(Sample.Records(bodies), default);
        var report = await VerifyAsync();
        Assert.Equal((0, 3L, 5L), (report.ExitCode, report.Events, report.Opaque));
        Assert.Contains(Sample.Leaves(_table), l => l.AsSpan().SequenceEqual("garbage"u8));
        // The forged closing leaf closes nothing, also not for a writer that starts on it.
        await writer.AppendAsync(Sample.Records([forged], bodies.Count), default);
        var again = await Sample.WriterAsync(_table);
        Assert.Equal((0, writer.Size), (again.Log.Epoch, again.Size));
        Assert.Equal(0, (await VerifyAsync()).ExitCode);
    }

    [Fact]
    public async Task Conflicts_AreFlagged_AndNeverMoveTheCounter()
    {
        var writer = await Sample.WriterAsync(_table);
        var chain = Sample.Chain(A, Enumerable.Range(1, 4).Select(i => Sample.Outcome(i)));
        var twin = Sample.Encode(A, 2, MerkleHash.OfLeaf(chain[0]), Sample.Outcome(77));
        var jump = Sample.Encode(A, 9, MerkleHash.OfLeaf(chain[1]), Sample.Outcome(78));
        var broken = Sample.Encode(A, 3, MerkleHash.OfLeaf([1]), Sample.Outcome(79));
        var unborn = Sample.Encode(B, 5, MerkleHash.OfLeaf([1]), Sample.Outcome(80));
        List<byte[]> bodies = [chain[0], chain[1], twin, jump, broken, unborn, chain[2], chain[0], chain[1], chain[3], twin];
        await writer.AppendAsync(Sample.Records(bodies), default);
        var report = await VerifyAsync();
        Assert.Equal((0, 4L, 5L, 2L), (report.ExitCode, report.Events, report.Conflicts, report.Redelivered));
        Assert.Equal(5, report.Notes.Count(n => n.Kind == "conflict"));
    }

    [Fact]
    public async Task OldRedelivery_IsKnownFromTheTable_AfterARestart()
    {
        var chain = Sample.Chain(A, Enumerable.Range(1, 300).Select(i => Sample.Outcome(i)));
        var other = Sample.Chain(B, Enumerable.Range(1, 300).Select(i => Sample.Outcome(1000 + i)));
        var mixed = chain.Zip(other).SelectMany(p => new[] { p.First, p.Second }).ToList();
        var records = Sample.Records(mixed);
        var writer = await Sample.WriterAsync(_table);
        for (var i = 0; i < records.Count; i += 7)
            await writer.AppendAsync(records.GetRange(i, Math.Min(7, records.Count - i)), default);
        var size = writer.Size;
        foreach (var n in new[] { 1, 2, 150, 299, 300 })
        {
            var restarted = await Sample.WriterAsync(_table);
            // Redelivered by its publisher: a new sequence number. Nothing is committed for it alone.
            await restarted.AppendAsync([new StreamRecord(600, Sample.Time, chain[n - 1])], default);
            Assert.Equal(size, restarted.Size);
        }
    }

    [Fact]
    public async Task Gap_IsALeaf_OnlyWhenTheStreamNoLongerHasTheRecords()
    {
        var chain = Sample.Chain(A, Enumerable.Range(1, 10).Select(i => Sample.Outcome(i)));
        var records = Sample.Records(chain);
        var writer = await Sample.WriterAsync(_table, new MemoryHistory([.. records.Take(2).Concat(records.Skip(4))]));
        await writer.AppendAsync([records[9]], default);
        var report = await VerifyAsync();
        Assert.Equal((0, 8L, 1L, 0L), (report.ExitCode, report.Events, report.Gaps, report.Conflicts));
        Assert.Equal(10, writer.NextSequence);
        Assert.Contains(report.Notes, n => n is { Kind: "gap", Message: "Sequence numbers 2 to 3 were gone from the stream." });
        Assert.Contains(report.Notes, n => n.Kind == "resumed");
        // Events that turn up later are known to be accounted for.
        await writer.AppendAsync([records[2]], default);
        Assert.Equal(10, writer.NextSequence);
    }

    [Fact]
    public async Task RecreatedStream_OpensANewEpoch_BoundToTheOldOnesRoot()
    {
        var writer = await Sample.WriterAsync(_table);
        await writer.AppendAsync(Sample.Records(Sample.Chain(A, [Sample.Outcome(1)])), default);
        var renewed = Sample.Stream with { CreatedAt = Sample.Time.AddHours(1) };
        var next = await Sample.WriterAsync(_table, stream: renewed);
        Assert.Equal(("audit-00-000001", 0L), (next.Log.ToString(), next.NextSequence));
        await next.AppendAsync(Sample.Records(Sample.Chain(B, [Sample.Outcome(2)])), default);
        var report = await VerifyAsync();
        Assert.Equal((0, 2), (report.ExitCode, report.Logs.Count));
        Assert.True(report.Logs[0].Closed);
        // The writer of the old stream collides and is told; it cannot end the newer epoch.
        await Assert.ThrowsAsync<LedgerDamagedException>(() => writer.AppendAsync(Sample.Records(Sample.Chain(A, [Sample.Outcome(3)]), 1), default));
        Assert.Equal(2, _table.Partitions.Count);
    }

    [Fact]
    public async Task KnownSequenceNumberWithOtherBytes_OpensANewEpoch()
    {
        var chain = Sample.Chain(A, Enumerable.Range(1, 5).Select(i => Sample.Outcome(i)));
        var writer = await Sample.WriterAsync(_table);
        await writer.AppendAsync(Sample.Records(chain), default);
        var restarted = await Sample.WriterAsync(_table);
        await restarted.AppendAsync(Sample.Records(chain[2..], 2), default);
        Assert.Equal(0, restarted.Log.Epoch);
        await restarted.AppendAsync(Sample.Records(Sample.Chain(B, [Sample.Outcome(9), Sample.Outcome(10)]), 3), default);
        Assert.Equal((1, 5L), (restarted.Log.Epoch, restarted.NextSequence));
        var report = await VerifyAsync();
        Assert.Equal((0, 7L), (report.ExitCode, report.Events));
    }

    [Fact]
    public async Task LostTail_IsFilledAgain_WithTheSameIndicesAndRoots()
    {
        var records = Sample.Records(Sample.Chain(A, Enumerable.Range(1, 60).Select(i => Sample.Outcome(i))));
        var writer = await Sample.WriterAsync(_table);
        for (var i = 0; i < records.Count; i += 5)
            await writer.AppendAsync(records.GetRange(i, 5), default);
        var (root, whole) = (writer.Root, Sample.Leaves(_table));
        var rows = _table.Partitions["audit-00-000000"];
        foreach (var key in rows.Keys.Where(k => k[0] == 'e').Skip(31).Concat(rows.Keys.Where(k => k[0] == 'z').Take(6)).ToList())
            rows.Remove(key);
        var again = await Sample.WriterAsync(_table);
        Assert.Equal(31, again.Size);
        await again.AppendAsync(records.GetRange((int)again.NextSequence, records.Count - (int)again.NextSequence), default);
        Assert.Equal(root, again.Root);
        Assert.Equal(whole, Sample.Leaves(_table));
        await SoundAsync(60);
    }

    /// <summary>ledger.md, "Proof that it holds": redelivery, reordering and overlap: each (src, n) once, and leaves are a function of the stream.</summary>
    [Fact]
    public void Ledger_IsAFunctionOfTheStream_HoweverItIsCutAndWhoeverWrites()
    {
        var genStream = Gen.Select(Gen.Int[0, 2], Gen.Int[1, 12], Gen.Int[0, 9]).Array[1, 60];
        Gen.Select(genStream, Gen.Int[1, 7].Array[1, 40], Gen.Int[0, 1_000_000]).Sample(
            (picks, cuts, seed) =>
            {
                var chains = Enumerable.Range(1, 3).Select(s => Sample.Chain(new SourceId((UInt128)s), Enumerable.Range(1, 12).Select(i => Sample.Outcome((s * 100) + i)))).ToArray();
                var next = new int[3];
                var bodies = new List<byte[]>();
                foreach (var (source, n, what) in picks)
                {
                    // Mostly the next event of a source; now and then any event of it, or nonsense.
                    if (what < 6 && next[source] < 12)
                        bodies.Add(chains[source][next[source]++]);
                    else
                        bodies.Add(what == 9 ? [(byte)n] : chains[source][n - 1]);
                }

                var records = Sample.Records(bodies);
                var one = new MemoryLedgerTable();
                Sample.WriterAsync(one).Result.AppendAsync(records, default).Wait();

                var two = new MemoryLedgerTable();
                var random = new Random(seed);
                var writers = Enumerable.Range(0, 3).Select(_ => Sample.WriterAsync(two, new MemoryHistory(records)).Result).ToArray();
                var at = 0;
                foreach (var cut in cuts.Append(records.Count))
                {
                    // Each writer begins anywhere before where the first stands, as redelivery makes it.
                    var from = random.Next(0, at + 1);
                    at = Math.Min(records.Count, Math.Max(at, from + cut));
                    writers[random.Next(3)].AppendAsync(records.GetRange(from, at - from), default).Wait();
                }

                writers[0].AppendAsync(records, default).Wait();
                var leaves = Sample.Leaves(one);
                var report = new LedgerVerifier(two).VerifyAsync(null, default).Result;
                var seen = new HashSet<(SourceId, long)>();
                var flagged = false;
                foreach (var leaf in leaves)
                {
                    if (!flagged && EventEnvelope.TryRead(leaf, out var e))
                        Assert.True(seen.Add((e.Source, e.Number)));
                    flagged = WriterLeaf.TryRead(leaf, out var w) && !flagged && w is WriterLeaf.Conflict or WriterLeaf.Opaque;
                }

                Assert.Equal(leaves, Sample.Leaves(two));
                Assert.Equal(0, report.ExitCode);
                return true;
            },
            iter: Counts.Full ? 5000 : 100);
    }

    [Theory]
    [InlineData(LedgerInsertion.Transaction)]
    [InlineData(LedgerInsertion.RowByRow)]
    public async Task Append_SurvivesAFault_BeforeAndAfterEveryStorageCall(LedgerInsertion insertion)
    {
        var records = Sample.Records(
        [
            .. Sample.Chain(A, Enumerable.Range(1, 110).Select(i => Sample.Outcome(i))), "garbage"u8.ToArray(),
            .. Sample.Chain(B, Enumerable.Range(1, 20).Select(i => Sample.Outcome(200 + i))),
        ]);
        var points = 0;
        var more = true;
        for (var call = 0; more; call++)
        {
            more = false;
            foreach (var after in new[] { false, true })
            {
                var table = new MemoryLedgerTable();
                var hit = false;
                table.Fault = (c, done) =>
                {
                    if (c != call || done != after)
                        return;
                    hit = true;
                    throw new LedgerUnavailableException(after ? "reply lost" : "not done");
                };
                await RunAsync(table, records, insertion);
                table.Fault = null;
                Assert.Equal(0, (await new LedgerVerifier(table).VerifyAsync(null, default)).ExitCode);
                // Leaf 0, the flag of the garbage, and each record once.
                Assert.Equal(records.Count + 2, Sample.Leaves(table).Count);
                more |= hit;
                points += hit ? 1 : 0;
            }
        }

        output.WriteLine($"{insertion}: {points} fault points, each enumerated");
        Assert.True(points >= (insertion == LedgerInsertion.RowByRow ? 500 : 20));

        // As the pump does it: after a fault, open again and give what the head does not hold.
        static async Task RunAsync(MemoryLedgerTable table, List<StreamRecord> records, LedgerInsertion insertion)
        {
            for (var attempt = 0; attempt < 5; attempt++)
            {
                try
                {
                    var writer = await Sample.WriterAsync(table, new MemoryHistory(records), insertion: insertion);
                    foreach (var batch in records.Skip((int)writer.NextSequence).Chunk(50))
                        await writer.AppendAsync(batch, default);
                    return;
                }
                catch (LedgerUnavailableException)
                {
                }
            }
        }
    }

    [Theory]
    [InlineData(LedgerInsertion.Transaction)]
    [InlineData(LedgerInsertion.RowByRow)]
    public async Task Epoch_SurvivesAFault_BeforeAndAfterEveryStorageCallOfItsChange(LedgerInsertion insertion)
    {
        var first = new MemoryLedgerTable();
        await (await Sample.WriterAsync(first)).AppendAsync(Sample.Records(Sample.Chain(A, [Sample.Outcome(1)])), default);
        var renewed = Sample.Stream with { CreatedAt = Sample.Time.AddHours(1) };
        var points = 0;
        var more = true;
        for (var call = 0; more; call++)
        {
            more = false;
            foreach (var after in new[] { false, true })
            {
                var table = first.Copy();
                var hit = false;
                table.Fault = (c, done) =>
                {
                    if (c != call || done != after)
                        return;
                    hit = true;
                    throw new LedgerUnavailableException("fault");
                };
                for (var opened = false; !opened;)
                {
                    try
                    {
                        var writer = await Sample.WriterAsync(table, stream: renewed, insertion: insertion);
                        Assert.Equal((1, 1L), (writer.Log.Epoch, writer.Size));
                        opened = true;
                    }
                    catch (LedgerUnavailableException)
                    {
                    }
                }

                table.Fault = null;
                Assert.Equal(0, (await new LedgerVerifier(table).VerifyAsync(null, default)).ExitCode);
                more |= hit;
                points += hit ? 1 : 0;
            }
        }

        output.WriteLine($"{insertion}: {points} fault points, each enumerated");
        Assert.True(points >= 10);
    }

    /// <summary>Of one kind, and four of each: an upgrade from one setting to the other is no pause.</summary>
    [Theory]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.Transaction)]
    [InlineData(LedgerInsertion.RowByRow, LedgerInsertion.RowByRow)]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.RowByRow)]
    public async Task EightWriters_MakeOneLinearLog_OfOnePartition(LedgerInsertion even, LedgerInsertion odd)
    {
        var records = Sample.Records(Sample.Chain(A, Enumerable.Range(1, 300).Select(i => Sample.Outcome(i))));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var writer = await Sample.WriterAsync(_table, new MemoryHistory(records), insertion: seed % 2 == 0 ? even : odd);
            for (var at = 0; at < records.Count;)
            {
                var count = Math.Min(random.Next(1, 12), records.Count - at);
                await writer.AppendAsync(records.GetRange(at, count), default);
                at += count;
            }
        })));
        Assert.Equal(301, Sample.Leaves(_table).Count);
        await SoundAsync(300);
    }

    [Fact]
    public async Task ManySources_AreAllKnownAgain_FromTheNewestCommitRows()
    {
        // Enough commits that early listings have to be repeated.
        var sources = Enumerable.Range(1, 300).Select(i => new SourceId((UInt128)i)).ToArray();
        var hashes = new Dictionary<SourceId, MerkleHash>();
        var writer = await Sample.WriterAsync(_table);
        long sequence = 0;
        foreach (var batch in sources.Chunk(50))
            await writer.AppendAsync(Sample.Records([.. batch.Select(s => Event(s, 1, null))], Advance(batch.Length)), default);
        for (var i = 0; i < 1300; i++)
            await writer.AppendAsync(Sample.Records([Event(sources[0], i + 2, hashes[sources[0]])], Advance(1)), default);

        var calls = _table.Calls;
        var restarted = await Sample.WriterAsync(_table);
        await restarted.AppendAsync(Sample.Records([.. sources[1..].Select(s => Event(s, 2, hashes[s]))], Advance(299)), default);
        var report = await VerifyAsync();
        Assert.Equal((0, 0L, 300L), (report.ExitCode, report.Conflicts, report.Sources));
        Assert.InRange(_table.Calls - calls, 1, 60);

        byte[] Event(SourceId source, long number, MerkleHash? previous)
        {
            var body = Sample.Encode(source, number, previous, Sample.Outcome((int)number));
            hashes[source] = MerkleHash.OfLeaf(body);
            return body;
        }

        long Advance(int count) => (sequence += count) - count;
    }

    [Fact]
    public async Task IdleSources_Expire_AndOneWrongClockExpiresNobody()
    {
        var writer = await Sample.WriterAsync(_table);
        var a = Sample.Chain(A, [Sample.Outcome(1)]);
        List<byte[]> bodies = [a[0]];
        MerkleHash? previous = null;
        for (var i = 1; i <= 250; i++)
        {
            // B's clock is years ahead: it may drag the ledger's clock an hour an event.
            bodies.Add(Sample.Encode(B, i, previous, Sample.Outcome(i) with { Time = Sample.Time.AddYears(50) }));
            previous = MerkleHash.OfLeaf(bodies[^1]);
            if (i == 100)
                bodies.Add(Sample.Encode(A, 2, MerkleHash.OfLeaf(a[0]), Sample.Outcome(500)));
        }

        bodies.Add(Sample.Encode(A, 3, MerkleHash.OfLeaf(bodies[101]), Sample.Outcome(501)));
        for (var i = 251; i <= 460; i++)
        {
            bodies.Add(Sample.Encode(B, i, previous, Sample.Outcome(i) with { Time = Sample.Time.AddYears(50) }));
            previous = MerkleHash.OfLeaf(bodies[^1]);
        }

        await writer.AppendAsync(Sample.Records(bodies), default);
        var report = await VerifyAsync();
        Assert.Equal((0, 0L), (report.ExitCode, report.Conflicts));
        Assert.Contains(report.Notes, n => n.Kind == "tail unproven");
    }

    [Fact]
    public async Task Writer_StopsOnADamagedHead_InsteadOfSigningOnToIt()
    {
        var writer = await Sample.WriterAsync(_table);
        await writer.AppendAsync(Sample.Records(Sample.Chain(A, [Sample.Outcome(1)])), default);
        var rows = _table.Partitions["audit-00-000000"];
        var head = rows.Values.First(r => r.RowKey[0] == 'z');
        var root = ((byte[])head.Columns["root"]).ToArray();
        root[0] ^= 1;
        rows[head.RowKey] = head with { Columns = new Dictionary<string, object>(head.Columns) { ["root"] = root } };
        await Assert.ThrowsAsync<LedgerDamagedException>(() => Sample.WriterAsync(_table));
    }

    [Fact]
    public async Task OtherHubs_DoNotDisturb_EvenWithNamesThatBeginAlike()
    {
        await LedgerWriter.OpenAsync(_table, "audit-00", 0, Sample.Stream, MemoryHistory.Empty, LedgerInsertion.Transaction, NullLogger.Instance, default);
        var writer = await Sample.WriterAsync(_table);
        Assert.Equal("audit-00-000000", writer.Log.ToString());
        Assert.Equal(["audit-00-00-000000", "audit-00-000000"], _table.Partitions.Keys);
        await SoundAsync(0);
    }

    private Task<VerificationReport> VerifyAsync() => new LedgerVerifier(_table).VerifyAsync(null, default);

    private async Task SoundAsync(long events)
    {
        var report = await VerifyAsync();
        Assert.Equal((0, events), (report.ExitCode, report.Events));
        Assert.Empty(report.Findings);
    }
}
