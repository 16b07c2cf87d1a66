using Proofgate.Identity.Denials;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Revocation;

/// <summary>The deny list on instances that did not change it themselves.</summary>
[Trait("Rule", "K6")]
public sealed class DenyFeedTests
{
    [Fact]
    public async Task DeniedCaller_IsRefused_AfterOneReadOfTheFeed_AndOpenStreamsEnd()
    {
        await using var room = await Room.ReadyAsync();
        var (victim, other) = ((await room.CreateAsync()).Key, (await room.CreateAsync(Room.Spec with { Owner = "other" })).Key);
        using var watch = room.Revocation.Watch(await room.CallerAsync(victim));
        using var bystander = room.Revocation.Watch(await room.CallerAsync(other));
        await room.Denials.PutAsync(Entry(Room.Spec.Owner), CancellationToken.None);
        await room.CallerAsync(victim);

        await room.ReadFeedAsync();
        Assert.Equal("denied", Assert.IsType<Refused>(await room.BearerAsync(victim.Reveal())).Reason);
        Assert.Equal(CredentialEnd.Revoked, watch.Cause);
        Assert.False(bystander.Ended.IsCancellationRequested);
        await room.CallerAsync(other);
    }

    [Fact]
    public async Task List_IsReadAtTheFirstReadOfTheFeed()
    {
        await using var room = new Room();
        await room.Denials.PutAsync(Entry(Room.Spec.Owner), CancellationToken.None);
        var key = (await room.CreateAsync()).Key;
        room.Time.Advance(TimeSpan.FromHours(1));
        await room.ReadFeedAsync();
        Assert.Equal("denied", Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task Feed_StaysUnread_WhenTheListCannotBeRead()
    {
        await using var room = new Room();
        var key = (await room.CreateAsync()).Key;
        room.Denials.Down = true;
        await Assert.ThrowsAsync<IOException>(room.ReadFeedAsync);
        Assert.Equal(503, Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Status);
        Assert.False(room.Get<IdentityHealth>().Ready);
        room.Denials.Down = false;
        await room.ReadFeedAsync();
        await room.CallerAsync(key);
    }

    [Fact]
    public async Task ChangeThatCouldNotBeRead_IsReadNextTime()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.Denials.PutAsync(Entry(Room.Spec.Owner), CancellationToken.None);
        room.Denials.Down = true;
        await Assert.ThrowsAsync<IOException>(room.ReadFeedAsync);
        room.Denials.Down = false;
        await room.ReadFeedAsync();
        Assert.Equal("denied", Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task List_IsReadOnceForEachChange_NotAtEachReadOfTheFeed()
    {
        await using var room = await Room.ReadyAsync();
        var reads = room.Denials.Reads;
        await room.Denials.PutAsync(Entry("a"), CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            room.Time.Advance(FeedClock.Interval);
            await room.ReadFeedAsync();
        }

        Assert.Equal(reads + 1, room.Denials.Reads);
        await room.Denials.PutAsync(Entry("b"), CancellationToken.None);
        await room.ReadFeedAsync();
        Assert.Equal(reads + 2, room.Denials.Reads);
    }

    [Fact]
    public async Task List_IsReadAgainAfterAWhile_ShouldAWritersClockBeWrong()
    {
        await using var room = await Room.ReadyAsync();
        var reads = room.Denials.Reads;
        room.Time.Advance(DenyList.Lifetime);
        await room.ReadFeedAsync();
        Assert.Equal(reads + 1, room.Denials.Reads);
    }

    [Fact]
    public async Task StreamThatBeginsAfterTheDenial_HasEndedAlready()
    {
        await using var room = await Room.ReadyAsync();
        var caller = await room.CallerAsync((await room.CreateAsync()).Key);
        await room.Denials.PutAsync(Entry(Room.Spec.Owner), CancellationToken.None);
        await room.ReadFeedAsync();
        Assert.Equal(CredentialEnd.Revoked, room.Revocation.Watch(caller).Cause);
    }

    [Fact]
    public async Task LapsedEntry_LetsTheCallerIn_WithoutAnybodysDoing()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.Denials.PutAsync(Entry(Room.Spec.Owner) with { Until = room.Time.GetUtcNow().AddSeconds(3) }, CancellationToken.None);
        await room.ReadFeedAsync();
        Assert.IsType<Refused>(await room.BearerAsync(key.Reveal()));
        room.Time.Advance(TimeSpan.FromSeconds(3));
        await room.CallerAsync(key);
    }

    [Fact]
    public async Task OlderReadingOfTheList_NeverReplacesANewerOne()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var (hold, first) = (new TaskCompletionSource(), true);
        room.Denials.BeforeReadReturns = () =>
        {
            var wait = first ? hold.Task : Task.CompletedTask;
            first = false;
            return wait;
        };
        var older = room.Get<DenyList>().ReadAsync(CancellationToken.None);
        await room.Denials.PutAsync(Entry(Room.Spec.Owner), CancellationToken.None);
        var newer = room.Get<DenyList>().ReadAsync(CancellationToken.None);
        hold.SetResult();
        await Task.WhenAll(older, newer);
        Assert.Equal("denied", Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    private static DenyEntry Entry(string subject) => new()
    {
        Tenant = "contoso",
        Kind = DenyKind.Subject,
        Value = subject,
        By = "admin",
        Created = default,
    };
}
