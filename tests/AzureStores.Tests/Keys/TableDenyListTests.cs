using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Proofgate.AzureStores.Keys;
using Proofgate.Identity.Denials;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Keys;

[Collection(AzuriteGroup.Name)]
[Trait("Rule", "K6")]
public sealed class TableDenyListTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private TableClient _table = null!;
    private TableDenyList _denials = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _denials = new TableDenyList(_table, _time);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Entry_ComesBackAsStored()
    {
        var full = Entry("mallory \"M\" \U0001F600") with { Kind = DenyKind.IssuerKey, Until = _time.GetUtcNow().AddTicks(7), Reason = "left" };
        var bare = Entry("j");
        await _denials.PutAsync(full, Never);
        await _denials.PutAsync(bare, Never);
        var read = await _denials.ReadAsync(Never);
        Assert.Equal([full, bare], read.Select(static e => e with { Version = null }).OrderByDescending(static e => e.Value.Length));
        Assert.All(read, static e => Assert.NotNull(e.Version));
    }

    [Fact]
    public async Task EachChange_HasItsOwnLineInTheOneFeed_AlsoInOneTick()
    {
        var keys = new TableApiKeys(_table, _time);
        var record = Records.Minimal();
        await keys.TryInsertAsync(record, Never);
        await _denials.PutAsync(Entry("a"), Never);
        await _denials.PutAsync(Entry("a"), Never);
        await _denials.TryRemoveAsync((await _denials.ReadAsync(Never)).Single(), Never);
        var changes = await keys.ReadChangesAsync(_time.GetUtcNow(), Never);
        Assert.Equal([record.Id], changes.Keys);
        Assert.Equal(3, changes.DenyMarks.Distinct().Count());
        Assert.Empty((await keys.ReadChangesAsync(_time.GetUtcNow().AddTicks(1), Never)).DenyMarks);
    }

    [Fact]
    public async Task Keys_DoNotListEntries_NorTheOtherWayRound()
    {
        var keys = new TableApiKeys(_table, _time);
        await keys.TryInsertAsync(Records.Minimal(), Never);
        await _denials.PutAsync(Entry("a"), Never);
        var listed = 0;
        await foreach (var _ in keys.ListAsync(null, Never))
            listed++;
        Assert.Equal((1, 1), (listed, (await _denials.ReadAsync(Never)).Count));
    }

    [Fact]
    public async Task Put_ReplacesTheEntryOfTheSameName()
    {
        await _denials.PutAsync(Entry("a") with { Reason = "one" }, Never);
        await _denials.PutAsync(Entry("a") with { Reason = "two" }, Never);
        Assert.Equal("two", Assert.Single(await _denials.ReadAsync(Never)).Reason);
    }

    [Fact]
    public async Task Remove_IsRefused_WhenTheEntryHasChanged_AndDoneWhenItIsGone()
    {
        await _denials.PutAsync(Entry("a"), Never);
        var read = Assert.Single(await _denials.ReadAsync(Never));
        await _denials.PutAsync(Entry("a") with { Reason = "again" }, Never);
        Assert.False(await _denials.TryRemoveAsync(read, Never));
        var now = Assert.Single(await _denials.ReadAsync(Never));
        Assert.True(await _denials.TryRemoveAsync(now, Never));
        Assert.True(await _denials.TryRemoveAsync(now, Never));
        Assert.Empty(await _denials.ReadAsync(Never));
    }

    [Fact]
    public async Task LostReplies_AreNoDifference()
    {
        await new TableDenyList(_table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)), _time).PutAsync(Entry("a"), Never);
        var read = Assert.Single(await _denials.ReadAsync(Never));
        Assert.True(await new TableDenyList(_table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)), _time).TryRemoveAsync(read, Never));
        Assert.Empty(await _denials.ReadAsync(Never));
    }

    [Fact]
    public async Task List_IsReadWhole_WhenItIsLongerThanAPage()
    {
        foreach (var batch in Enumerable.Range(0, 1100).Chunk(100))
        {
            await _table.SubmitTransactionAsync(batch.Select(i => new TableTransactionAction(TableTransactionActionType.Add, DenyRow.From("keys", Entry($"j{i}")))));
        }

        Assert.Equal(1100, (await _denials.ReadAsync(Never)).Count);
    }

    [Theory]
    [InlineData("Kind", "Robot")]
    [InlineData("Tenant", "another")]
    [InlineData("Value", "another")]
    [InlineData("Until", "soon")]
    [InlineData("More", "x")]
    public async Task RowThatIsNotAsWritten_IsRefused_BecauseNobodyKnowsWhatItDenies(string column, string value)
    {
        var row = DenyRow.From("keys", Entry("a"));
        row[column] = value;
        await _table.AddEntityAsync(row);
        await Assert.ThrowsAsync<MalformedRowException>(() => _denials.ReadAsync(Never));
    }

    [Theory]
    [InlineData((int)Fault.NotSent)]
    [InlineData((int)Fault.Busy)]
    [InlineData((int)Fault.Forbidden)]
    [InlineData((int)Fault.Hangs)]
    public async Task EveryCall_IsUnavailable_WhenTheServiceIs(int fault)
    {
        var denials = new TableDenyList(_table.Over(azurite, new Faults((Fault)fault) { Patience = TimeSpan.FromMilliseconds(50) }), _time);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => denials.ReadAsync(Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => denials.PutAsync(Entry("a"), Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => denials.TryRemoveAsync(Entry("a") with { Version = ETag.All.ToString() }, Never));
    }

    [Fact]
    public async Task MissingTable_IsAnOutage_NotAnEmptyList()
    {
        var denials = new TableDenyList(new TableClient(azurite.ConnectionString, "Missing"), _time);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => denials.ReadAsync(Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => denials.TryRemoveAsync(Entry("a") with { Version = ETag.All.ToString() }, Never));
    }

    private DenyEntry Entry(string value) => new()
    {
        Tenant = "t",
        Kind = DenyKind.Subject,
        Value = value,
        By = "admin",
        Created = _time.GetUtcNow(),
    };
}
