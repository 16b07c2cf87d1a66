using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Ledger;

/// <summary>Row by row and in transactions: the same log, whoever is stopped where.</summary>
public sealed class LedgerInsertionTests(ITestOutputHelper output)
{
    private static readonly SourceId A = new(1);
    private static readonly SourceId B = new(2);

    private readonly MemoryLedgerTable _table = new();

    /// <summary>Eight writers that are stopped at random storage calls, before or after them, and start again: as if they were killed.</summary>
    [Theory]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.Transaction)]
    [InlineData(LedgerInsertion.RowByRow, LedgerInsertion.RowByRow)]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.RowByRow)]
    public async Task EightWriters_ThatAreStoppedAtRandomCalls_MakeOneLinearLog(LedgerInsertion even, LedgerInsertion odd)
    {
        var rounds = Counts.Of(200, output);
        var stops = 0;
        for (var round = 0; round < rounds; round++)
        {
            var table = new MemoryLedgerTable();
            var records = Sample.Records([.. Sample.Chain(A, Enumerable.Range(1, 120).Select(i => Sample.Outcome(i))), "garbage"u8.ToArray(), .. Sample.Chain(B, Enumerable.Range(1, 30).Select(i => Sample.Outcome(500 + i)))]);
            var chance = new Random(round);
            table.Fault = (_, _) =>
            {
                lock (chance)
                {
                    if (chance.Next(25) != 0)
                        return;
                }

                Interlocked.Increment(ref stops);
                throw new LedgerUnavailableException("stopped");
            };
            await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
            {
                var random = new Random((round * 8) + seed);
                while (true)
                {
                    try
                    {
                        var writer = await Sample.WriterAsync(table, new MemoryHistory(records), insertion: seed % 2 == 0 ? even : odd);
                        for (var at = (int)writer.NextSequence; at < records.Count;)
                        {
                            var count = Math.Min(random.Next(1, 12), records.Count - at);
                            await writer.AppendAsync(records.GetRange(at, count), default);
                            at += count;
                        }

                        return;
                    }
                    catch (LedgerUnavailableException)
                    {
                    }
                }
            })));
            table.Fault = null;
            Assert.Equal(0, (await new LedgerVerifier(table).VerifyAsync(null, default)).ExitCode);
            Assert.Equal(records.Count + 2, Sample.Leaves(table).Count);
        }

        output.WriteLine($"{even} and {odd}: {rounds} rounds of 8 writers and 151 records, {stops} stops");
        Assert.True(stops > 10);
    }

    [Fact]
    public async Task RowByRow_MakesTheSameLeavesAndRoot_AsTransactions()
    {
        var chain = Sample.Chain(A, Enumerable.Range(1, 30).Select(i => Sample.Outcome(i)));
        List<byte[]> bodies = [.. chain[..10], "garbage"u8.ToArray(), chain[3], .. chain[10..], [], chain[29], chain[5]];
        var records = Sample.Records(bodies);
        records.RemoveRange(14, 2);
        var one = await Sample.WriterAsync(_table);
        await one.AppendAsync(records, default);
        var other = new MemoryLedgerTable();
        var two = await Sample.WriterAsync(other, insertion: LedgerInsertion.RowByRow);
        await two.AppendAsync(records, default);
        Assert.Equal((one.Size, one.Root), (two.Size, two.Root));
        Assert.Equal(Sample.Leaves(_table), Sample.Leaves(other));
        Assert.All(other.InsertSizes, static n => Assert.Equal(1, n));
        Assert.Equal(0, (await new LedgerVerifier(other).VerifyAsync(null, default)).ExitCode);
        // A writer of either kind goes on where the other stopped.
        await (await Sample.WriterAsync(other)).AppendAsync(Sample.Records(Sample.Chain(B, [Sample.Outcome(900)]), bodies.Count), default);
        Assert.Equal(0, (await new LedgerVerifier(other).VerifyAsync(null, default)).ExitCode);
    }

    /// <summary>Rows that stand beyond the head: equal ones are adopted by a writer of either kind, others stop it.</summary>
    [Theory]
    [InlineData(LedgerInsertion.Transaction)]
    [InlineData(LedgerInsertion.RowByRow)]
    public async Task Orphans_AreAdopted_AndOtherBytesStopTheWriter(LedgerInsertion insertion)
    {
        const string key = "audit-00-000000";
        var records = Sample.Records([.. Sample.Chain(A, Enumerable.Range(1, 20).Select(i => Sample.Outcome(i)))]);
        var writer = await Sample.WriterAsync(_table, insertion: insertion);
        await writer.AppendAsync(records.GetRange(0, 5), default);
        var orphan = EventRow.ToRow(key, 6, 5, records[5].Body.Span);
        _table.Partitions[key][orphan.RowKey] = orphan;
        Assert.Equal(11, (await VerifyAsync()).ExitCode);
        await (await Sample.WriterAsync(_table, insertion: insertion)).AppendAsync(records.GetRange(5, 15), default);
        await SoundAsync(20);

        var foreign = EventRow.ToRow(key, 21, 20, "something else"u8);
        _table.Partitions[key][foreign.RowKey] = foreign;
        var next = Sample.Records(Sample.Chain(B, [Sample.Outcome(900)]), 20);
        var stopped = await Sample.WriterAsync(_table, insertion: insertion);
        await Assert.ThrowsAsync<LedgerDamagedException>(() => stopped.AppendAsync(next, default));
        Assert.Equal(21, (await Sample.WriterAsync(_table)).Size);
    }

    private Task<VerificationReport> VerifyAsync() => new LedgerVerifier(_table).VerifyAsync(new VerificationOptions { Patience = TimeSpan.Zero }, default);

    private async Task SoundAsync(long events)
    {
        var report = await VerifyAsync();
        Assert.Equal((0, events), (report.ExitCode, report.Events));
        Assert.Empty(report.Findings);
    }
}
