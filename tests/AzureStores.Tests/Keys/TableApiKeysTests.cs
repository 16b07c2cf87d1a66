using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Proofgate.AzureStores.Keys;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Keys;

[Collection(AzuriteGroup.Name)]
public sealed class TableApiKeysTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private TableClient _table = null!;
    private TableApiKeys _keys = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _keys = new TableApiKeys(_table, _time);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("Rule", "K3")]
    public async Task Record_ComesBackAsStored_WithEveryField()
    {
        var record = Records.Full();
        Assert.True(await _keys.TryInsertAsync(record, Never));
        Records.AssertSame(record, await _keys.FindAsync(record.Id, Never));
    }

    [Fact]
    public async Task Record_ComesBackAsStored_WithoutOptionalFields()
    {
        var record = Records.Minimal();
        Assert.True(await _keys.TryInsertAsync(record, Never));
        var found = await _keys.FindAsync(record.Id, Never);
        Records.AssertSame(record, found);
        Assert.NotNull(found!.Version);
    }

    [Fact]
    public async Task Find_IsNull_ForAnUnknownKey() => Assert.Null(await _keys.FindAsync(KeyId.New(), Never));

    [Fact]
    public async Task Find_IsAnOutage_WhenTheTableIsMissing()
    {
        var keys = new TableApiKeys(new TableClient(azurite.ConnectionString, "Missing"), _time);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.FindAsync(KeyId.New(), Never));
        Assert.Equal("Table 'Missing' could not be read from: status 404 TableNotFound.", error.Message);
    }

    [Fact]
    public async Task Insert_IsRefused_WhenTheIdIsTaken()
    {
        var first = Records.Minimal(digest: 1);
        Assert.True(await _keys.TryInsertAsync(first, Never));
        Assert.False(await _keys.TryInsertAsync(Records.Minimal(first.Id, digest: 2), Never));
        Records.AssertSame(first, await _keys.FindAsync(first.Id, Never));
    }

    [Fact]
    public async Task Insert_Succeeds_WhenOnlyItsReplyWasLost()
    {
        var record = Records.Minimal();
        var keys = new TableApiKeys(_table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)), _time);
        Assert.True(await keys.TryInsertAsync(record, Never));
        Records.AssertSame(record, await _keys.FindAsync(record.Id, Never));
    }

    [Fact]
    public async Task Update_ReplacesTheRecord_AndGivesItANewVersion()
    {
        var read = await InsertedAsync(Records.Full());
        var changed = read with { Purpose = null, Thumbprint = null, Name = "another" };
        Assert.True(await _keys.TryUpdateAsync(changed, Never));

        var found = await _keys.FindAsync(read.Id, Never);
        Records.AssertSame(changed, found);
        Assert.NotEqual(read.Version, found!.Version);
    }

    [Fact]
    public async Task Update_IsRefused_WhenTheRecordHasChangedSinceItWasRead()
    {
        var read = await InsertedAsync(Records.Minimal());
        var revoked = read with { State = ApiKeyState.Revoked, Revoked = _time.GetUtcNow() };
        Assert.True(await _keys.TryUpdateAsync(revoked, Never));
        Assert.False(await _keys.TryUpdateAsync(read with { Name = "late" }, Never));
        Assert.Equal(ApiKeyState.Revoked, (await _keys.FindAsync(read.Id, Never))!.State);
    }

    [Fact]
    public async Task Update_LeavesNoLineInTheFeed_WhenItIsRefused()
    {
        var read = await InsertedAsync(Records.Minimal());
        await _keys.TryUpdateAsync(read with { Name = "first" }, Never);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _keys.TryUpdateAsync(read with { Name = "late" }, Never);
        Assert.Empty((await _keys.ReadChangesAsync(_time.GetUtcNow(), Never)).Keys);
    }

    [Fact]
    public async Task Update_IsRefused_WhenTheRecordIsGone()
    {
        var read = await InsertedAsync(Records.Minimal());
        await _table.DeleteEntityAsync("keys", $"k-{read.Id}");
        Assert.False(await _keys.TryUpdateAsync(read, Never));
        Assert.Null(await _keys.FindAsync(read.Id, Never));
    }

    [Fact]
    public async Task Update_IsABug_ForARecordThatWasNeverRead() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _keys.TryUpdateAsync(Records.Minimal(), Never));

    [Fact]
    [Trait("Category", "Heavy")]
    public async Task Update_HasOneWinner_WhenManyRace()
    {
        var rounds = Counts.Of(300, output);
        for (var round = 0; round < rounds; round++)
        {
            var read = await InsertedAsync(Records.Minimal());
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => _keys.TryUpdateAsync(read with { Name = $"writer {i}" }, Never))));
            Assert.Single(results, true);
            Assert.Equal($"writer {Array.IndexOf(results, true)}", (await _keys.FindAsync(read.Id, Never))!.Name);
        }
    }

    [Fact]
    public async Task Insert_IsABug_WhenAFieldIsLargerThanAColumn()
    {
        var record = Records.Minimal() with { Name = new string('x', 32 * 1024 + 1) };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _keys.TryInsertAsync(record, Never));
        Assert.Contains("Column 'Name'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "K8")]
    public async Task List_GivesEveryKeyAndNothingElse()
    {
        var records = Enumerable.Range(0, 5).Select(static _ => Records.Minimal()).ToList();
        foreach (var record in records)
            await _keys.TryInsertAsync(record, Never);
        await _keys.TryClaimInitializationAsync(records[0].Id, Never);

        var listed = new List<KeyId>();
        await foreach (var record in _keys.ListAsync(null, Never))
            listed.Add(record.Id);
        Assert.Equal(records.Select(static r => r.Id.ToString()).Order(StringComparer.Ordinal), listed.Select(static id => id.ToString()));

        Assert.Equal(listed[2..], await _keys.ListAsync(listed[1], Never).Select(static r => r.Id).ToListAsync());
        Assert.Empty(await _keys.ListAsync(listed[^1], Never).ToListAsync());
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Feed_HoldsInsertsAndChanges_FromTheMomentInclusive()
    {
        var start = _time.GetUtcNow();
        var old = await InsertedAsync(Records.Minimal());
        _time.Advance(TimeSpan.FromSeconds(10));
        var changed = await InsertedAsync(Records.Minimal());
        _time.Advance(TimeSpan.FromSeconds(10));
        await _keys.TryUpdateAsync(changed with { State = ApiKeyState.Revoked }, Never);

        Assert.Equal([changed.Id, old.Id], (await _keys.ReadChangesAsync(start, Never)).Keys);
        Assert.Equal([changed.Id], (await _keys.ReadChangesAsync(start.AddTicks(1), Never)).Keys);
        Assert.Equal([changed.Id], (await _keys.ReadChangesAsync(start.AddSeconds(20), Never)).Keys);
        Assert.Empty((await _keys.ReadChangesAsync(start.AddSeconds(20).AddTicks(1), Never)).Keys);
    }

    [Fact]
    public async Task Feed_HoldsAChange_OfAWriterWhoseClockIsAhead()
    {
        var ahead = new TableApiKeys(_table, new FakeTimeProvider(_time.GetUtcNow().AddMinutes(5)));
        var record = Records.Minimal();
        await ahead.TryInsertAsync(record, Never);
        Assert.Equal([record.Id], (await _keys.ReadChangesAsync(_time.GetUtcNow(), Never)).Keys);
    }

    [Fact]
    public async Task Feed_TakesTwoChangesOfOneKeyInOneTick()
    {
        var read = await InsertedAsync(Records.Minimal());
        Assert.True(await _keys.TryUpdateAsync(read with { Name = "once" }, Never));
        Assert.True(await _keys.TryUpdateAsync((await _keys.FindAsync(read.Id, Never))! with { Name = "twice" }, Never));
        Assert.Equal([read.Id], (await _keys.ReadChangesAsync(_time.GetUtcNow(), Never)).Keys);
    }

    [Fact]
    public async Task Feed_IsOneQuery()
    {
        await InsertedAsync(Records.Minimal());
        var wire = new Faults();
        Assert.Single((await new TableApiKeys(_table.Over(azurite, wire), _time).ReadChangesAsync(_time.GetUtcNow(), Never)).Keys);
        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task Feed_IsRefused_WhenALineIsNotOurs()
    {
        await _table.AddEntityAsync(new TableEntity("keys", "c-0000000000000000000-short"));
        var error = await Assert.ThrowsAsync<MalformedRowException>(() => _keys.ReadChangesAsync(_time.GetUtcNow(), Never));
        Assert.Equal("c-0000000000000000000-short", error.RowKey);
    }

    [Fact]
    public async Task Initialization_IsClaimedOnce_WhenManyRace()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _keys.TryClaimInitializationAsync(KeyId.New(), Never))));
        Assert.Single(claims, true);
        Assert.False(await _keys.TryClaimInitializationAsync(KeyId.New(), Never));
    }

    [Fact]
    public async Task Initialization_IsClaimed_WhenOnlyTheReplyWasLost()
    {
        var keys = new TableApiKeys(_table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)), _time);
        Assert.True(await keys.TryClaimInitializationAsync(KeyId.New(), Never));
        Assert.False(await _keys.TryClaimInitializationAsync(KeyId.New(), Never));
    }

    [Theory]
    [InlineData((int)Fault.NotSent)]
    [InlineData((int)Fault.Busy)]
    [InlineData((int)Fault.Throttled)]
    [InlineData((int)Fault.Forbidden)]
    [InlineData((int)Fault.Hangs)]
    public async Task EveryCall_IsUnavailable_WhenTheServiceIs(int fault)
    {
        var read = await InsertedAsync(Records.Minimal());
        var keys = new TableApiKeys(_table.Over(azurite, new Faults((Fault)fault) { Patience = TimeSpan.FromMilliseconds(50) }), _time);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.FindAsync(read.Id, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.TryInsertAsync(Records.Minimal(), Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.TryUpdateAsync(read, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.ReadChangesAsync(_time.GetUtcNow(), Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keys.TryClaimInitializationAsync(read.Id, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            await foreach (var _ in keys.ListAsync(null, Never))
            {
            }
        });
    }

    private async Task<ApiKeyRecord> InsertedAsync(ApiKeyRecord record)
    {
        Assert.True(await _keys.TryInsertAsync(record, Never));
        return (await _keys.FindAsync(record.Id, Never))!;
    }
}
