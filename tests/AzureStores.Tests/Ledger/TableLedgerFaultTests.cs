using Azure;
using Azure.Data.Tables;
using Moq;
using Proofgate.Audit;
using Proofgate.AzureStores.Ledger;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Ledger;

[Collection(AzuriteGroup.Name)]
public sealed class TableLedgerFaultTests(AzuriteFixture azurite)
{
    private const string P = "local-00-000001";

    [Theory]
    [InlineData((int)Fault.NotSent)]
    [InlineData((int)Fault.Busy)]
    [InlineData((int)Fault.Throttled)]
    [InlineData((int)Fault.Forbidden)]
    public async Task EveryCall_IsUnavailable_WhenTheServiceIs(int fault)
    {
        var table = await Tables.NewAsync(azurite);
        var ledger = new TableLedger(table.Over(azurite, new Faults((Fault)fault)));

        var insert = await Assert.ThrowsAsync<LedgerUnavailableException>(() => InsertAsync(ledger, 0));
        Assert.StartsWith($"Table '{table.Name}' could not be inserted into: ", insert.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AllAsync(P));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.NextPartitionAsync("", CancellationToken.None));
        Assert.Empty(await new TableLedger(table).AllAsync(P));
    }

    [Fact]
    public async Task EveryCall_IsUnavailableAndNotCancelled_WhenNothingComesBack()
    {
        var table = await Tables.NewAsync(azurite);
        var ledger = new TableLedger(table.Over(azurite, new Faults(Fault.Hangs) { Patience = TimeSpan.FromMilliseconds(50) }));

        var insert = await Assert.ThrowsAsync<LedgerUnavailableException>(() => InsertAsync(ledger, 0));
        Assert.EndsWith("no answer in 10 s.", insert.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.AllAsync(P));
    }

    [Fact]
    public async Task Insert_IsCancelled_WhenTheCallerCancels()
    {
        using var cancel = new CancellationTokenSource();
        var table = await Tables.NewAsync(azurite);
        var ledger = new TableLedger(table.Over(azurite, new Faults(Fault.Hangs)));
        var inserting = ledger.InsertAsync(P, [LedgerRows.Numbered(P, 0)], cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inserting);
    }

    [Fact]
    public async Task Insert_Succeeds_WhenTheServiceIsBackAtTheNextAttempt()
    {
        var table = await Tables.NewAsync(azurite);
        var wire = new Faults(Fault.Busy, Fault.NotSent, Fault.None);
        Assert.Equal(LedgerInsert.Inserted, await InsertAsync(new TableLedger(table.Over(azurite, wire)), 0));
        Assert.Equal(3, wire.Sent.Count);
    }

    [Fact]
    public async Task Insert_CollidesWithItself_WhenOnlyItsReplyWasLost()
    {
        var table = await Tables.NewAsync(azurite);
        var ledger = new TableLedger(table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)));
        Assert.Equal(LedgerInsert.Collided, await InsertAsync(ledger, 0));
        Assert.Single(await ledger.AllAsync(P));
    }

    [Fact]
    public async Task Insert_IsUnavailable_WhenEveryReplyIsLost()
    {
        var table = await Tables.NewAsync(azurite);
        var ledger = new TableLedger(table.Over(azurite, new Faults(Fault.ReplyLost)));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => InsertAsync(ledger, 0));
        Assert.Single(await new TableLedger(table).AllAsync(P));
    }

    [Fact]
    public async Task Read_IsUnavailable_WhenALaterPageFails()
    {
        var table = await Tables.NewAsync(azurite);
        for (var from = 0; from < 1100; from += 100)
            await new TableLedger(table).InsertAsync(P, [.. Enumerable.Range(from, 100).Select(i => LedgerRows.Numbered(P, i))], CancellationToken.None);

        var ledger = new TableLedger(table.Over(azurite, new Faults(Fault.None, Fault.Forbidden)));
        var read = 0;
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () =>
        {
            await foreach (var _ in ledger.ReadAsync(P, "e", "f", null, CancellationToken.None))
                read++;
        });
        Assert.Equal(1000, read);
    }

    [Fact]
    public async Task EveryCall_IsUnavailable_WhenTheTableIsMissing()
    {
        var missing = new TableLedger(new TableClient(azurite.ConnectionString, "Missing"));
        Assert.Contains("TableNotFound", (await Assert.ThrowsAsync<LedgerUnavailableException>(() => InsertAsync(missing, 0))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => missing.AllAsync(P));
    }

    [Fact]
    public async Task Insert_IsABug_WhenTheServiceCallsItWrong()
    {
        var table = await Tables.NewAsync(azurite);
        var ledger = new TableLedger(table.Over(azurite, new Faults(Fault.Wrong)));
        var error = await Assert.ThrowsAnyAsync<RequestFailedException>(() => InsertAsync(ledger, 0));
        Assert.Equal(400, error.Status);
    }

    [Theory]
    [InlineData("TableBeingDeleted")]
    [InlineData("OperationTimedOut")]
    public async Task Insert_IsUnavailableAndNotACollision_WhenAnother409Comes(string code)
    {
        var table = new Mock<TableClient>();
        table.SetupGet(static t => t.Name).Returns("Audit");
        table.Setup(static t => t.SubmitTransactionAsync(It.IsAny<IEnumerable<TableTransactionAction>>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TableTransactionFailedException(new RequestFailedException(409, "conflict", code, null)));
        table.Setup(static t => t.AddEntityAsync(It.IsAny<TableEntity>(), It.IsAny<CancellationToken>())).ThrowsAsync(new RequestFailedException(409, "conflict", code, null));
        for (var rows = 1; rows <= 2; rows++)
        {
            var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => new TableLedger(table.Object).InsertAsync(
                P, [.. Enumerable.Range(0, rows).Select(static i => LedgerRows.Numbered(P, i))], CancellationToken.None));
            Assert.Equal($"Table 'Audit' could not be inserted into: status 409 {code}.", error.Message);
        }
    }

    private static Task<LedgerInsert> InsertAsync(TableLedger ledger, long index) =>
        ledger.InsertAsync(P, [LedgerRows.Numbered(P, index)], CancellationToken.None);
}
