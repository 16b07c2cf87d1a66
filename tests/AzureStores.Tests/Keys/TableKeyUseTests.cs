using Azure.Data.Tables;
using Proofgate.AzureStores.Keys;
using Proofgate.Identity;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Keys;

[Collection(AzuriteGroup.Name)]
[Trait("Rule", "K8")]
public sealed class TableKeyUseTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly DateOnly Day = new(2026, 3, 1);

    private readonly KeyId _id = KeyId.New();
    private TableClient _table = null!;
    private TableKeyUse _uses = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _uses = new TableKeyUse(_table);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Day_IsThatOfTheLastUse_AndNeverGoesBack()
    {
        Assert.Empty(await _uses.ReadAsync(_id, _id, Never));
        await _uses.NoteAsync(_id, Day, Never);
        Assert.Equal(Day, (await _uses.ReadAsync(_id, _id, Never))[_id]);
        await _uses.NoteAsync(_id, Day.AddDays(2), Never);
        await _uses.NoteAsync(_id, Day.AddDays(1), Never);
        Assert.Equal(Day.AddDays(2), (await _uses.ReadAsync(_id, _id, Never))[_id]);
    }

    [Fact]
    public async Task Days_AreThoseOfTheKeysBetween_BothIncluded()
    {
        var ids = Enumerable.Range(0, 40).Select(static _ => KeyId.New()).OrderBy(static id => id.ToString(), StringComparer.Ordinal).ToList();
        foreach (var id in ids)
            await _uses.NoteAsync(id, Day, Never);

        var days = await _uses.ReadAsync(ids[5], ids[30], Never);

        Assert.Equal(ids[5..31].Select(static id => id.ToString()), days.Keys.Select(static id => id.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SameDay_IsReadAndNotWritten()
    {
        await _uses.NoteAsync(_id, Day, Never);
        var wire = new Faults();
        await new TableKeyUse(_table.Over(azurite, wire)).NoteAsync(_id, Day, Never);
        Assert.Equal(HttpMethod.Get, Assert.Single(wire.Sent).Method);
    }

    [Fact]
    public async Task ManyInstances_NoteTheNewestDay()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => new TableKeyUse(_table).NoteAsync(_id, Day.AddDays(i), Never))));
        Assert.Equal(Day.AddDays(5), (await _uses.ReadAsync(_id, _id, Never))[_id]);
    }

    [Fact]
    public async Task LostReply_IsNoDifference()
    {
        await new TableKeyUse(_table.Over(azurite, new Faults(Fault.None, Fault.ReplyLost, Fault.None))).NoteAsync(_id, Day, Never);
        Assert.Equal(Day, (await _uses.ReadAsync(_id, _id, Never))[_id]);
    }

    [Fact]
    public async Task RowThatIsNotOurs_IsRefused()
    {
        await _table.AddEntityAsync(new TableEntity(_id.ToString()[..2], _id + "x") { ["Day"] = "2026-03-01" });
        Assert.True(KeyId.TryParse("zzzzzzzz", out var last));
        await Assert.ThrowsAsync<MalformedRowException>(() => _uses.ReadAsync(_id, last, Never));
    }

    [Fact]
    public async Task Calls_AreUnavailable_WhenTheServiceIs()
    {
        var uses = new TableKeyUse(_table.Over(azurite, new Faults(Fault.Busy)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => uses.NoteAsync(_id, Day, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => uses.ReadAsync(_id, _id, Never));
    }
}
