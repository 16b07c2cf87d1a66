using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Verification;

/// <summary>A log that is written while it is verified.</summary>
public sealed class LiveLedgerTests(ITestOutputHelper output)
{
    private const string Log = "audit-00-000000";

    private static readonly SourceId A = new(1);

    private readonly MemoryLedgerTable _table = new();

    [Theory]
    [InlineData(LedgerInsertion.RowByRow)]
    [InlineData(LedgerInsertion.Transaction)]
    public async Task Verify_IsSound_WhileAWriterRuns_AndFindsARowThatIsMissing(LedgerInsertion insertion)
    {
        const int batch = 200;
        var batches = Counts.Of(1000, output);
        var records = Records(batch * (batches + 1));
        var writer = await Sample.WriterAsync(_table, insertion: insertion);
        await writer.AppendAsync(records.GetRange(0, batch), default);
        var (rounds, missing) = (0, (LedgerRow?)null);
        for (var round = 1; round <= batches; round++)
        {
            if (round == batches)
                missing = _table.Remove(Log, LedgerKeys.Event(57));
            var next = records.GetRange(round * batch, batch);
            var writing = Task.Run(async () =>
            {
                foreach (var record in next)
                    await writer.AppendAsync([record], default);
            });
            do
            {
                var report = await new LedgerVerifier(_table).VerifyAsync(null, default);
                Assert.True(report.ExitCode == (missing is null ? 0 : 11), string.Join("; ", report.Findings.Take(3)));
                Assert.True(missing is null || Assert.Single(report.Findings).RowKey == missing.RowKey);
                rounds++;
            }
            while (!writing.IsCompleted);
            await writing;
        }

        output.WriteLine($"{rounds} verifications while {records.Count} records were written");
    }

    /// <summary>Stopped before every single insertion: nothing is missing if the writer goes on, and its commit row is if it does not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RowsOfOneRecord_WaitForTheirCommitRow(bool goesOn)
    {
        var (stops, waits) = (0, 0);
        for (var inserts = 0; ; inserts++)
        {
            var table = new MemoryLedgerTable();
            List<StreamRecord> records = Sample.Records([.. Sample.Chain(A, Enumerable.Range(1, 3).Select(i => Sample.Outcome(i))), "garbage"u8.ToArray()]);
            records.RemoveAt(1);
            table.FailInsert = inserts;
            if (await TryWriteAsync(table, records))
                break;
            stops++;
            table.FailInsert = -1;
            var time = new SteppedTime();
            var verifying = new LedgerVerifier(table).VerifyAsync(new VerificationOptions { Time = time }, default);
            if (verifying.IsCompleted)
            {
                Assert.Equal(0, (await verifying).ExitCode);
                continue;
            }

            waits++;
            if (goesOn)
                Assert.True(await TryWriteAsync(table, records));
            await time.DriveAsync(verifying, TimeSpan.FromSeconds(1));
            Assert.Equal(goesOn ? 0 : 11, (await verifying).ExitCode);
        }

        output.WriteLine($"{stops} stops, {waits} between two rows of a commit");
        Assert.True(waits > 3);
    }

    [Fact]
    public async Task AnEpochThatCloses_WhileItIsRead_IsFollowed()
    {
        var (call, grown) = (0, true);
        for (; grown; call++)
        {
            var table = new MemoryLedgerTable();
            await (await Sample.WriterAsync(table)).AppendAsync(Records(5), default);
            var (first, at) = (table.Calls, call);
            grown = false;
            table.Fault = (n, after) =>
            {
                if (grown || after || n - first != at)
                    return;
                grown = true;
                Sample.WriterAsync(table, stream: new StreamIdentity("embedded:another", Sample.Time.AddDays(1))).GetAwaiter().GetResult();
            };
            var report = await new LedgerVerifier(table).VerifyAsync(null, default);
            Assert.True(report.ExitCode == 0, $"closed at call {call}: {string.Join("; ", report.Findings)}");
        }

        output.WriteLine($"{call} places");
        Assert.True(call > 5);
    }

    private static async Task<bool> TryWriteAsync(MemoryLedgerTable table, List<StreamRecord> records)
    {
        try
        {
            var writer = await Sample.WriterAsync(table, new MemoryHistory(records), insertion: LedgerInsertion.RowByRow);
            await writer.AppendAsync([.. records.Where(r => r.Sequence >= writer.NextSequence)], default);
            return true;
        }
        catch (LedgerUnavailableException)
        {
            return false;
        }
    }

    private static List<StreamRecord> Records(int count) => Sample.Records(Sample.Chain(A, Enumerable.Range(1, count).Select(static i => Sample.Outcome(i))));
}
