using Azure.Data.Tables;
using Proofgate.Audit;
using Proofgate.AzureStores.Keys;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Keys;

[Collection(AzuriteGroup.Name)]
public sealed class TableSubjectKeysTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Lookup = "Zm9vYmFyLWxvb2t1cC1oYXNoLW9mLWEtc3ViamVjdA";
    private static readonly CancellationToken Never = CancellationToken.None;

    private TableClient _table = null!;
    private TableSubjectKeys _keys = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _keys = new TableSubjectKeys(_table);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Key_ComesBackAsStored()
    {
        Assert.Null(await _keys.FindAsync(Lookup, Never));
        Assert.True(await _keys.TryInsertAsync(Record("g1", 1), Never));
        var found = await _keys.FindAsync(Lookup, Never);
        Assert.Equal((Lookup, "g1"), (found!.Lookup, found.Generation));
        Assert.Equal(Record("g1", 1).WrappedKey.ToArray(), found.WrappedKey.ToArray());
    }

    [Fact]
    public async Task Insert_IsRefused_WhenTheSubjectHasAKey()
    {
        await _keys.TryInsertAsync(Record("g1", 1), Never);
        Assert.False(await _keys.TryInsertAsync(Record("g2", 2), Never));
        Assert.Equal("g1", (await _keys.FindAsync(Lookup, Never))!.Generation);
    }

    [Fact]
    public async Task Delete_ErasesTheKey_Once()
    {
        await _keys.TryInsertAsync(Record("g1", 1), Never);
        Assert.True(await _keys.DeleteAsync(Lookup, Never));
        Assert.Null(await _keys.FindAsync(Lookup, Never));
        Assert.False(await _keys.DeleteAsync(Lookup, Never));
        Assert.True(await _keys.TryInsertAsync(Record("g2", 2), Never));
    }

    [Fact]
    public async Task Find_RefusesARow_ThatIsNotAsWritten()
    {
        await _table.AddEntityAsync(new TableEntity(Lookup[..2], Lookup) { ["Generation"] = "g1" });
        var error = await Assert.ThrowsAsync<MalformedRowException>(() => _keys.FindAsync(Lookup, Never));
        Assert.Equal((_table.Name, Lookup), (error.Table, error.RowKey));
    }

    [Theory]
    [InlineData((int)Fault.NotSent)]
    [InlineData((int)Fault.Busy)]
    [InlineData((int)Fault.Forbidden)]
    [InlineData((int)Fault.Hangs)]
    public async Task EveryCall_IsUnavailable_WhenTheServiceIs(int fault)
    {
        var keys = new TableSubjectKeys(_table.Over(azurite, new Faults((Fault)fault) { Patience = TimeSpan.FromMilliseconds(50) }));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.FindAsync(Lookup, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.TryInsertAsync(Record("g", 1), Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.DeleteAsync(Lookup, Never));
    }

    private static SubjectKeyRecord Record(string generation, byte content) => new(Lookup, generation, Enumerable.Repeat(content, 60).ToArray());
}
