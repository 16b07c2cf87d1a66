using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Promises;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class AuditPromiseTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Proofgate-Audit-Promise: ")]
    public async Task Promise_EndsWith0AndThePlace_WhenTheRecordIsThere(string name)
    {
        using var workplace = NewWorkplace();
        var (table, open, promise) = await RecordedLedger.MakePromisedAsync(workplace.Folder, new MemorySubjectKeys());
        workplace.OpenLedger = _ => table;
        var run = await workplace.RunAsync("audit", "promise", name + promise, "--storage", "LEDGER", "--json");
        Assert.Equal(0, run.Exit);
        Assert.Equal(("kept", open.ToString(), "test-00-000000"), (
            run.Json.GetProperty("result").GetString(), run.Json.GetProperty("auditId").GetString(), run.Json.GetProperty("log").GetString()));
        Assert.Equal(promise.LeafHash.ToString(), run.Json.GetProperty("leaf").GetString());
    }

    [Fact]
    public async Task Promise_IsNotDueAndThenBroken_WhenTheRecordWasLeftOut()
    {
        using var workplace = NewWorkplace();
        var (whole, _, promise) = await RecordedLedger.MakePromisedAsync(workplace.Folder, new MemorySubjectKeys());
        var table = new MemoryLedger();
        // All commits before the record's: the log of an operator who left it out.
        var rows = whole.Rows;
        var place = rows.Where(static r => r.RowKey[0] == 'e').Select(static (r, i) => (Row: r, Index: i))
            .Single(r => MerkleHash.OfLeaf((byte[])r.Row.Columns["b0"]) == promise.LeafHash).Index;
        var size = rows.Where(static r => r.RowKey[0] == 'z').Select(static r => (long)r.Columns["size"]).Where(s => s <= place).Max();
        Assert.True(size > 2);
        foreach (var row in rows.Where(r => r.RowKey[0] == 'z' ? (long)r.Columns["size"] <= size : long.Parse(r.RowKey.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) < size))
            await table.InsertAsync(row.PartitionKey, [row], CancellationToken.None);
        workplace.OpenLedger = _ => table;

        workplace.Time.SetUtcNow(promise.Deadline);
        var early = await workplace.RunAsync("audit", "promise", promise.ToString(), "--storage", "LEDGER");
        Assert.Equal(18, early.Exit);
        Assert.Contains("Not due", early.Out, StringComparison.Ordinal);
        workplace.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await workplace.RunAsync("audit", "promise", promise.ToString(), "--storage", "LEDGER");
        Assert.Equal(11, late.Exit);
        Assert.Contains("Broken: ", late.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await workplace.RunAsync("audit", "verify", "--storage", "LEDGER")).Exit);
    }

    [Fact]
    public async Task Promise_EndsWith13Or19_WhenTheLogDoesNotVouchForIt()
    {
        using var workplace = NewWorkplace();
        var (table, _, promise) = await RecordedLedger.MakePromisedAsync(workplace.Folder, new MemorySubjectKeys());
        workplace.OpenLedger = _ => table;
        workplace.Time.SetUtcNow(promise.Deadline.AddDays(1));
        Assert.Equal(13, (await workplace.RunAsync("audit", "promise", (promise with { Number = 1 }).ToString(), "--storage", "LEDGER")).Exit);
        var stranger = promise with { Source = SourceId.New(), Id = AuditId.New(TimeProvider.System) };
        Assert.Equal(19, (await workplace.RunAsync("audit", "promise", stranger.ToString(), "--storage", "LEDGER")).Exit);
    }

    [Fact]
    public async Task Promise_IsAUsageError_WhenItIsNone()
    {
        using var workplace = NewWorkplace();
        foreach (var text in new[] { "nonsense", "v1", AuditPromise.Header })
        {
            var run = await workplace.RunAsync("audit", "promise", text, "--storage", "LEDGER");
            Assert.Equal(2, run.Exit);
            Assert.Contains("copy it again", run.Error, StringComparison.Ordinal);
        }
    }

    private static Workplace NewWorkplace()
    {
        var workplace = new Workplace();
        workplace.Variables["LEDGER"] = "UseDevelopmentStorage=true";
        return workplace;
    }
}
