using Azure.Data.Tables;
using Proofgate.AzureStores.Budgets;
using Proofgate.Enforcement;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Budgets;

[Collection(AzuriteGroup.Name)]
public sealed class TableBudgetsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly BudgetKey Key = new(new DateOnly(2026, 3, 1), "subject/7/default/alice@example.com", BudgetUnit.Tokens);

    private TableClient _table = null!;
    private TableBudgets _budgets = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _budgets = new TableBudgets(_table, TimeProvider.System);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Lease_TakesTheLessTheNearerTheLimitIs_AndNothingBeyondIt()
    {
        Assert.Equal(200, await _budgets.LeaseAsync(Key, 1, 200, 1000, Never));
        Assert.Equal(200, await _budgets.LeaseAsync(Key, 1, 400, 1000, Never));
        Assert.Equal(500, await _budgets.LeaseAsync(Key, 500, 500, 1000, Never));
        Assert.Equal(0, await _budgets.LeaseAsync(Key, 101, 101, 1000, Never));
        Assert.Equal(25, await _budgets.LeaseAsync(Key, 1, 100, 1000, Never));
        Assert.Equal(75, await _budgets.LeaseAsync(Key, 75, 75, 1000, Never));
        Assert.Equal(0, await _budgets.LeaseAsync(Key, 1, 1, 1000, Never));
    }

    [Fact]
    public async Task Return_MakesRoom_AndAnExcessTakesIt()
    {
        await _budgets.LeaseAsync(Key, 1000, 1000, 1000, Never);
        await _budgets.ReturnAsync(Key, 300, Never);
        await _budgets.ReturnAsync(Key, -100, Never);

        Assert.Equal(0, await _budgets.LeaseAsync(Key, 201, 201, 1000, Never));
        Assert.Equal(200, await _budgets.LeaseAsync(Key, 200, 200, 1000, Never));
    }

    [Fact]
    public async Task Budgets_OfOtherOwnersUnitsAndDays_AreTheirOwn()
    {
        await _budgets.LeaseAsync(Key, 1000, 1000, 1000, Never);

        foreach (var other in new[] { Key with { Owner = "tenant/a" }, Key with { Unit = BudgetUnit.Cost }, Key with { Day = Key.Day.AddDays(1) } })
        {
            Assert.Equal(1000, await _budgets.LeaseAsync(other, 1000, 1000, 1000, Never));
        }
    }

    [Fact]
    public async Task Row_NamesNobody()
    {
        await _budgets.LeaseAsync(Key, 1, 1, 1000, Never);

        var row = Assert.Single(_table.Query<TableEntity>());
        Assert.Equal("2026-03-01", row.PartitionKey);
        Assert.DoesNotContain("alice", string.Join(' ', ((IDictionary<string, object>)row).Values), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ManyInstances_LeaseTheLimitTogether_AndNoMore()
    {
        var instances = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            var budgets = new TableBudgets(_table, TimeProvider.System);
            var leased = 0L;
            for (var i = 0; i < 30; i++)
            {
                try
                {
                    leased += await budgets.LeaseAsync(Key, 7, 50, 1000, Never);
                }
                catch (BudgetUnavailableException)
                {
                    // So many at once that its turn did not come; it knows of nothing leased.
                }
            }

            return leased;
        }));

        var together = (await Task.WhenAll(instances)).Sum();

        Assert.InRange(together, 1, 1000);
        // What is left is less than anybody needs.
        Assert.Equal(0, await _budgets.LeaseAsync(Key, 7, 7, 1000, Never));
        Assert.Equal(1000 - together, await _budgets.LeaseAsync(Key, 1000 - together, 1000, 1000, Never));
    }

    [Fact]
    public async Task LostReply_LosesTheLeaseAndNeverTheLimit()
    {
        var lease = await new TableBudgets(_table.Over(azurite, new Faults(Fault.None, Fault.ReplyLost, Fault.None)), TimeProvider.System).LeaseAsync(Key, 100, 100, 1000, Never);
        Assert.Equal(100, lease);

        // The first write was done and its lease is nobody's.
        Assert.Equal(0, await _budgets.LeaseAsync(Key, 801, 801, 1000, Never));
        Assert.Equal(800, await _budgets.LeaseAsync(Key, 800, 800, 1000, Never));
    }

    [Fact]
    public async Task ForeignRow_IsNotReadAsABudget()
    {
        await _budgets.LeaseAsync(Key, 1, 1, 1000, Never);
        var row = _table.Query<TableEntity>().Single();
        row["Leased"] = "nothing";
        await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => _budgets.LeaseAsync(Key, 1, 1, 1000, Never).AsTask());
    }

    [Fact]
    public async Task MissingTable_IsAnOutage()
    {
        await _table.DeleteAsync();

        await Assert.ThrowsAsync<BudgetUnavailableException>(() => _budgets.LeaseAsync(Key, 1, 1, 1000, Never).AsTask());
    }
}
