using Azure.Data.Tables;
using Proofgate.Audit;
using Proofgate.AzureStores.Ledger;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Ledger;

[Collection(AzuriteGroup.Name)]
public sealed class TableLedgerTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private const string P = "local-00-000001";

    private TableClient _table = null!;
    private TableLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _ledger = new TableLedger(_table);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Rows_ComeBackAsInserted()
    {
        var big = new byte[64 * 1024];
        Random.Shared.NextBytes(big);
        var row = LedgerRows.Row(
            P,
            "e0",
            ("b0", big),
            ("b1", Array.Empty<byte>()),
            ("seq", long.MaxValue),
            ("low", long.MinValue),
            ("small", 7L),
            ("text", "ä \"quoted\" 'and' \u2028 \U0001F600"),
            ("none", ""));
        Assert.Equal(LedgerInsert.Inserted, await InsertAsync(row));

        var read = Assert.Single(await _ledger.AllAsync(P));
        Assert.Equal((P, "e0"), (read.PartitionKey, read.RowKey));
        Assert.Equal(row.Columns.Keys.Order(StringComparer.Ordinal), read.Columns.Keys.Order(StringComparer.Ordinal));
        Assert.All(row.Columns, c => Assert.Equal(c.Value, read.Columns[c.Key]));
    }

    [Fact]
    public async Task Transaction_IsUndoneWhole_WhenOneRowKeyExists()
    {
        await InsertAsync(LedgerRows.Numbered(P, 5));
        Assert.Equal(LedgerInsert.Collided, await InsertAsync([.. Enumerable.Range(3, 3).Select(i => LedgerRows.Numbered(P, i))]));
        Assert.Equal(LedgerInsert.Collided, await InsertAsync([.. Enumerable.Range(5, 3).Select(i => LedgerRows.Numbered(P, i))]));
        Assert.Single(await _ledger.AllAsync(P));
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public async Task Transaction_HasOneWinner_WhenTwoRace()
    {
        var rounds = Counts.Of(1000, output);
        for (var round = 0; round < rounds; round++)
        {
            var partition = $"race-{round:D6}";
            var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() => _ledger.InsertAsync(
                partition,
                [LedgerRows.Row(partition, "e0", ("w", (long)writer)), LedgerRows.Row(partition, "e1", ("w", (long)writer)), LedgerRows.Row(partition, $"f{writer}", ("w", (long)writer))],
                CancellationToken.None))));

            Assert.Equal([LedgerInsert.Inserted, LedgerInsert.Collided], results.Order());
            var winner = (long)Array.IndexOf(results, LedgerInsert.Inserted);
            var rows = await _ledger.AllAsync(partition);
            Assert.Equal(["e0", "e1", $"f{winner}"], rows.Select(static r => r.RowKey));
            Assert.All(rows, r => Assert.Equal(winner, r.Columns["w"]));
        }
    }

    [Fact]
    public async Task Read_GivesAllRowsInOrder_OverSeveralPages()
    {
        for (var from = 0; from < 2300; from += 100)
            Assert.Equal(LedgerInsert.Inserted, await InsertAsync([.. Enumerable.Range(from, 100).Reverse().Select(i => LedgerRows.Numbered(P, i))]));

        Assert.Equal(Enumerable.Range(0, 2300).Select(static i => (object)(long)i), (await _ledger.AllAsync(P)).Select(static r => r.Columns["seq"]));
        Assert.Equal(1100, (await _ledger.AllAsync(P, atMost: 1100)).Count);
        Assert.Equal(1099L, (await _ledger.AllAsync(P, atMost: 1100))[^1].Columns["seq"]);
        Assert.Equal(0L, Assert.Single(await _ledger.AllAsync(P, atMost: 1)).Columns["seq"]);
        Assert.Empty(await _ledger.AllAsync(P, atMost: 0));
    }

    [Fact]
    public async Task Read_TakesFirstKeyInAndLastKeyOut()
    {
        await InsertAsync([.. Enumerable.Range(0, 6).Select(i => LedgerRows.Numbered(P, i))]);
        await _ledger.InsertAsync("another", [LedgerRows.Numbered("another", 3)], CancellationToken.None);

        var rows = await _ledger.AllAsync(P, $"e{2:D19}", $"e{4:D19}");
        Assert.Equal([2L, 3L], rows.Select(static r => r.Columns["seq"]));
    }

    [Fact]
    public async Task Read_KeepsKeysFromBecomingQueryText()
    {
        const string odd = "o'brien' or PartitionKey ne '";
        await InsertAsync(LedgerRows.Numbered(P, 1));
        Assert.Empty(await _ledger.AllAsync(odd));
        await _ledger.InsertAsync(odd, [LedgerRows.Numbered(odd, 2)], CancellationToken.None);
        Assert.Equal(2L, Assert.Single(await _ledger.AllAsync(odd)).Columns["seq"]);
    }

    [Fact]
    public async Task NextPartition_WalksAllOfThemInOrder()
    {
        string[] partitions = ["Z-00-000001", "a-00-000001", "a-00-000002", "a-01-000001", "b-00-000001"];
        foreach (var partition in partitions.Reverse())
        {
            await _ledger.InsertAsync(
                partition, [LedgerRows.Numbered(partition, 0), LedgerRows.Numbered(partition, 1)], CancellationToken.None);
        }

        var walked = new List<string>();
        for (var at = await NextAsync(""); at is not null; at = await NextAsync(at))
            walked.Add(at);
        Assert.Equal(partitions, walked);

        Task<string?> NextAsync(string after) => _ledger.NextPartitionAsync(after, CancellationToken.None);
    }

    [Fact]
    public async Task NextPartition_IsNone_InAnEmptyTable() =>
        Assert.Null(await _ledger.NextPartitionAsync("", CancellationToken.None));

    [Fact]
    public async Task Read_ShowsColumnsThatNobodyWrote()
    {
        await _table.AddEntityAsync(new TableEntity(P, "e0") { ["seq"] = 1L, ["added"] = "by hand" });
        Assert.Equal("by hand", Assert.Single(await _ledger.AllAsync(P)).Columns["added"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(1.5)]
    [InlineData(7)]
    public async Task Read_NamesTableAndRow_WhenAColumnHasATypeThatTheLedgerNeverStores(object value)
    {
        await _table.AddEntityAsync(new TableEntity(P, "e0") { ["seq"] = value });
        var error = await Assert.ThrowsAsync<MalformedRowException>(() => _ledger.AllAsync(P));
        Assert.Equal((_table.Name, P, "e0"), (error.Table, error.PartitionKey, error.RowKey));
        Assert.Contains($"Row 'e0' of partition '{P}' in table '{_table.Name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_SendsInsertsAndQueriesAndNothingElse()
    {
        var wire = new Faults();
        var ledger = new TableLedger(_table.Over(azurite, wire));
        await ledger.InsertAsync(P, [LedgerRows.Numbered(P, 1), LedgerRows.Numbered(P, 2)], CancellationToken.None);
        await ledger.InsertAsync(P, [LedgerRows.Numbered(P, 2), LedgerRows.Numbered(P, 3)], CancellationToken.None);
        await ledger.AllAsync(P);
        await ledger.NextPartitionAsync("", CancellationToken.None);

        Assert.Equal(["POST", "POST", "GET", "GET"], wire.Sent.Select(static s => s.Method.Method));
        var verbs = wire.Sent.SelectMany(static s => s.Body.Split("\r\n")).Where(static line => line.EndsWith(" HTTP/1.1", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, verbs.Count);
        Assert.All(verbs, static verb => Assert.StartsWith("POST ", verb, StringComparison.Ordinal));
    }

    private Task<LedgerInsert> InsertAsync(params LedgerRow[] rows) => _ledger.InsertAsync(P, rows, CancellationToken.None);
}
