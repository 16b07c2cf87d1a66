using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Ledger;

public sealed class ManySourcesTests(ITestOutputHelper output)
{
    private readonly MemoryLedgerTable _table = new();

    [Fact]
    [Trait("Category", "Heavy")]
    public async Task HundredThousandSources_AreAllCounted_InRowsThatStayBounded_AndForgottenInTime()
    {
        const int rounds = 2;
        var count = Counts.Of(100_000, output);
        var writer = await Sample.WriterAsync(_table);
        var hashes = new MerkleHash[count];
        var sequence = 0L;
        for (var n = 1; n <= rounds; n++)
        {
            foreach (var batch in Enumerable.Range(0, count).Chunk(500))
            {
                await writer.AppendAsync(Sample.Records([.. batch.Select(i => Event(i, n))], sequence), default);
                sequence += batch.Length;
            }
        }

        var live = (await LogStateReader.LoadAsync(_table, writer.Log, default))!;
        var rows = _table.Partitions["audit-00-000000"].Values.Where(static r => r.RowKey[0] == 'z').Select(static r => CommitRow.Read(r, out _)!).ToList();
        var widest = rows.Max(static c => c.Sources.Length);
        var furthest = rows.Max(static c => c.Commit - c.Since + 1);
        // A writer that starts knows every one of them: an event of long ago is a redelivery, the next one goes on, a skipped one is a conflict.
        var restarted = await Sample.WriterAsync(_table);
        var size = restarted.Size;
        await restarted.AppendAsync(Sample.Records([Event(0, rounds + 1), Event(count - 1, rounds + 1)], sequence), default);
        Assert.Equal(size + 2, restarted.Size);
        var report = await VerifyAsync();
        Assert.Equal((0, (count * (long)rounds) + 2, (long)count, 0L), (report.ExitCode, report.Events, report.Sources, report.Conflicts));

        // Nine days later, by the clock of one of them, the others are forgotten.
        sequence += 2;
        for (var hour = 1; hour <= 9 * 24; hour++)
            await restarted.AppendAsync(Sample.Records([Event(0, rounds + 1 + hour, hour)], sequence++), default);
        var left = (await LogStateReader.LoadAsync(_table, writer.Log, default))!.Sources.Count;
        output.WriteLine(
            $"{count} sources, {rows.Count} commits: {live.Sources.Count} live; the widest row lists {widest / SourceEntry.Bytes} ({widest} bytes), a start reads at most {furthest} commit rows; {left} live after nine idle days");
        Assert.Equal((count, 1), (live.Sources.Count, left));
        Assert.InRange(widest / SourceEntry.Bytes, 1, CommitBuilder.MaxEvents + SourceTable.RefreshAtMost);
        Assert.InRange(furthest, 1, 2 * SourceTable.RefreshAfter + (count / SourceTable.RefreshAtMost));
        Assert.Equal(0, (await VerifyAsync()).ExitCode);

        byte[] Event(int source, int number, int hour = 0)
        {
            var body = Sample.Encode(
                new SourceId((UInt128)(source + 1)), number, number == 1 ? null : hashes[source], Sample.Outcome(number) with { Id = new AuditId(Guid.NewGuid()), Time = Sample.Time.AddHours(hour) });
            hashes[source] = MerkleHash.OfLeaf(body);
            return body;
        }
    }

    private Task<VerificationReport> VerifyAsync() => new LedgerVerifier(_table).VerifyAsync(null, default);
}
