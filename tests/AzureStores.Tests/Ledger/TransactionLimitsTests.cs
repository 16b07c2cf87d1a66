using System.Text;
using Azure.Data.Tables;
using CsCheck;
using Moq;
using Proofgate.Audit;
using Proofgate.AzureStores.Ledger;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Ledger;

/// <summary>What Azure refuses and Azurite takes.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class TransactionLimitsTests(AzuriteFixture azurite)
{
    private const string P = "local-00-000001";
    private const int AzureRequestLimit = 4 << 20;

    public static TheoryData<string, LedgerRow[]> Refused { get; } = new()
    {
        { "has 0 rows", [] },
        { "has 101 rows", [.. Enumerable.Range(0, 101).Select(i => LedgerRows.Numbered(P, i))] },
        { "mixes partitions", [LedgerRows.Numbered(P, 0), LedgerRows.Numbered("another", 1)] },
        { "twice", [LedgerRows.Numbered(P, 0), LedgerRows.Numbered(P, 0)] },
        { "column 'b0' of 65537 bytes", [LedgerRows.Row(P, "e0", ("b0", new byte[65537]))] },
        { "column 's' of 65538 bytes", [LedgerRows.Row(P, "e0", ("s", new string('x', 32769)))] },
        { "row 'e0' of", [LedgerRows.Row(P, "e0", [.. Enumerable.Range(0, 16).Select(static i => ($"b{i}", (object)new byte[65536]))])] },
        { "bytes as sent", [.. Enumerable.Range(0, 45).Select(static i => LedgerRows.Row(P, $"e{i}", ("b0", new byte[65536])))] },
        { "neither number, string nor bytes", [LedgerRows.Row(P, "e0", ("n", 1))] },
        { "has a key", [LedgerRows.Row(P, "e/0")] },
        { "has a key", [LedgerRows.Row(P, "")] },
        { "has a key", [LedgerRows.Row(P, "e\n")] },
        { "has a key", [LedgerRows.Row(P, new string('e', 513))] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Transaction_IsNotSent_WhenALimitIsNotKept(string problem, LedgerRow[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var table = new Mock<TableClient>(MockBehavior.Strict);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new TableLedger(table.Object).InsertAsync(P, rows, CancellationToken.None));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transaction_OfTheLargestSize_StaysUnderAzuresLimit()
    {
        // 39 columns of 64 KiB in rows of at most 15, and 60 small rows: about 3.5 MiB as sent.
        var rows = Enumerable.Range(0, 3).Select(static r => LedgerRows.Row(
            P, $"e{r}", [.. Enumerable.Range(0, 13).Select(static i => ($"b{i}", (object)new byte[65536]))])).ToList();
        rows.AddRange(Enumerable.Range(3, 60).Select(static i => LedgerRows.Numbered(P, i)));
        var (table, wire) = await WireAsync();
        Assert.Equal(LedgerInsert.Inserted, await new TableLedger(table).InsertAsync(P, rows, CancellationToken.None));

        var sent = Encoding.UTF8.GetByteCount(wire.Sent.Single().Body);
        Assert.InRange(sent, 3 << 20, TransactionLimits.MaxRequestBytes);
        Assert.True(TransactionLimits.MaxRequestBytes < AzureRequestLimit);
    }

    /// <summary>The writer counts base64 and 1 KiB a row (CommitBuilder); what it fills by that count must pass here.</summary>
    [Theory]
    [InlineData(99, 26_661)]
    [InlineData(54, 49_520)]
    [InlineData(2, 983_040)]
    public async Task Transaction_ThatTheWriterThinksFull_IsAccepted(int events, int bodyBytes)
    {
        var rows = Enumerable.Range(0, events).Select(i => Event(i, bodyBytes)).Append(LedgerRows.Row(
            P, $"z{0:D19}", ("root", new byte[32]), ("frontier", new byte[1024]), ("s0", new byte[16 * 1024]))).ToList();
        var writersCount = (48 * 1024) + (events * (((bodyBytes + 2) / 3 * 4) + 1024));
        Assert.InRange(writersCount, 2 << 20, 3_670_016);

        var (table, _) = await WireAsync();
        Assert.Equal(LedgerInsert.Inserted, await new TableLedger(table).InsertAsync(P, rows, CancellationToken.None));
    }

    [Fact]
    public async Task Estimate_IsNeverBelowWhatIsSent()
    {
        var value = Gen.OneOf(
            Gen.Byte.Array[0, 3000].Select(static b => (object)b), Gen.String[0, 300].Select(static s => (object)Whole(s)), Gen.Long.Select(static n => (object)n));
        var rows = Gen.Select(Gen.Char['a', 'z'].Array[1, 8].Select(static c => new string(c)), value)
            .Array[0, 8].Select(static columns => columns.DistinctBy(static c => c.Item1).ToArray())
            .Array[1, 20].Select(static all => all.Select(static (columns, i) => LedgerRows.Row(P, $"e{i:D19}", columns)).ToList());
        var (table, wire) = await WireAsync();
        await rows.SampleAsync(
            async sample =>
            {
                wire.Sent.Clear();
                await table.SubmitTransactionAsync(sample.Select(static r => new TableTransactionAction(TableTransactionActionType.UpsertReplace, LedgerEntity.From(r))));
                var sent = Encoding.UTF8.GetByteCount(wire.Sent.Single().Body);
                Assert.InRange(TransactionLimits.SizeAsSent(sample), sent, long.MaxValue);
            },
            iter: 100,
            threads: 1);
    }

    private static LedgerRow Event(int index, int bodyBytes)
    {
        var columns = new List<(string, object)> { ("seq", (long)index) };
        for (var at = 0; at < bodyBytes; at += 65536)
            columns.Add(($"b{at / 65536}", new byte[Math.Min(65536, bodyBytes - at)]));
        return LedgerRows.Row(P, $"e{index:D19}", [.. columns]);
    }

    /// <summary>Without halves of surrogate pairs and without NUL, which no row of ours holds.</summary>
    private static string Whole(string text) => new([.. text.Where(static c => !char.IsSurrogate(c) && c >= ' ' && c < '\uFFFE')]);

    private async Task<(TableClient Table, Faults Wire)> WireAsync()
    {
        var wire = new Faults();
        return ((await Tables.NewAsync(azurite)).Over(azurite, wire), wire);
    }
}
