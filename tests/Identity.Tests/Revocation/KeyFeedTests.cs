using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Revocation;

[Trait("Rule", "K6")]
public sealed class KeyFeedTests
{
    [Fact]
    public async Task Feed_AllowsNoRecordAtAll_BeforeItsFirstRead()
    {
        await using var room = new Room();
        var key = (await room.CreateAsync()).Key;
        Assert.Equal(503, Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Status);
        Assert.Equal(0, room.Store.Finds);
        await room.ReadFeedAsync();
        await room.CallerAsync(key);
    }

    [Fact]
    public async Task Feed_AllowsRecords_ForLessThanFourSecondsAfterARead()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        room.Time.Advance(FeedClock.Trusted - TimeSpan.FromMilliseconds(1));
        await room.CallerAsync(key);
        room.Time.Advance(TimeSpan.FromMilliseconds(1));
        foreach (var text in new[] { key.Reveal(), Keys.Unknown() })
        {
            var refused = Assert.IsType<Refused>(await room.BearerAsync(text));
            Assert.Equal((503, "key_store_unavailable"), (refused.Status, refused.Reason));
        }

        await room.ReadFeedAsync();
        await room.CallerAsync(key);
    }

    [Fact]
    public async Task Feed_CountsFromTheBeginningOfARead_NotFromItsEnd()
    {
        await using var room = await Room.ReadyAsync();
        room.Store.BeforeFeedReturns = _ =>
        {
            room.Time.Advance(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        };
        await room.ReadFeedAsync();
        Assert.Equal(TimeSpan.FromSeconds(3), room.Get<IdentityHealth>().FeedAge);
    }

    [Fact]
    public async Task Feed_StaysUnread_WhenTheStoreFails()
    {
        await using var room = await Room.ReadyAsync();
        room.Time.Advance(TimeSpan.FromSeconds(3));
        room.Store.Down = true;
        await Assert.ThrowsAsync<IOException>(room.ReadFeedAsync);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(room.Get<IdentityHealth>().Ready);
    }

    [Fact]
    public async Task Feed_MissesNoChange_FromTheTimeOfAnOutage()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.ReadFeedAsync();
        await room.CallerAsync(key);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        room.Time.Advance(TimeSpan.FromMinutes(4));
        await room.ReadFeedAsync();
        Assert.Equal("revoked_key", Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task Feed_OverlapsItsWindows_AlsoWhenTheClockIsSetBack()
    {
        await using var room = await Room.ReadyAsync();
        var read = room.Time.GetUtcNow();
        room.Time.Advance(TimeSpan.FromSeconds(2));
        await room.ReadFeedAsync();
        Assert.Equal(read - KeyFeed.Overlap, room.Store.LastSince);

        room.Time.AdjustTime(read - TimeSpan.FromMinutes(10));
        await room.ReadFeedAsync();
        Assert.Equal(read - TimeSpan.FromMinutes(10) - KeyFeed.Overlap, room.Store.LastSince);
    }

    [Fact]
    public async Task Feed_LeavesUnchangedKeysInMemory_WhenOthersChange()
    {
        await using var room = await Room.ReadyAsync();
        var still = (await room.CreateAsync()).Key;
        var changed = (await room.CreateAsync()).Key;
        room.Time.Advance(KeyFeed.Overlap + TimeSpan.FromSeconds(1));
        await room.ReadFeedAsync();
        room.Time.Advance(KeyFeed.Overlap + TimeSpan.FromSeconds(1));
        await room.ReadFeedAsync();
        await room.CallerAsync(still);
        await room.CallerAsync(changed);

        room.Store.Change(changed.Id, r => r with { Clearance = 9 });
        await room.ReadFeedAsync();
        var finds = room.Store.Finds;
        await room.CallerAsync(still);
        Assert.Equal(finds, room.Store.Finds);
        Assert.Equal(9, (await room.CallerAsync(changed)).Clearance);
    }
}
