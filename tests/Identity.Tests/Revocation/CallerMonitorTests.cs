using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Revocation;

[Trait("Rule", "K6")]
public sealed class CallerMonitorTests
{
    [Fact]
    public async Task Watch_Ends_WhenItsKeyIsRevokedAndOnlyThen()
    {
        await using var room = await Room.ReadyAsync();
        var (victim, other) = ((await room.CreateAsync()).Key, (await room.CreateAsync()).Key);
        using var first = room.Revocation.Watch(await room.CallerAsync(victim));
        using var second = room.Revocation.Watch(await room.CallerAsync(victim));
        using var bystander = room.Revocation.Watch(await room.CallerAsync(other));

        await room.ReadFeedAsync();
        Assert.False(first.Ended.IsCancellationRequested);
        Assert.Null(first.Cause);

        room.Store.Change(victim.Id, r => r with { State = ApiKeyState.Revoked });
        await room.ReadFeedAsync();
        Assert.All([first, second], w => Assert.True(w.Ended.IsCancellationRequested));
        Assert.All([first, second], w => Assert.Equal(CredentialEnd.Revoked, w.Cause));
        Assert.False(bystander.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Watch_GoesOn_WhenSomethingElseOfItsKeyChanges()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        using var watch = room.Revocation.Watch(await room.CallerAsync(key));
        room.Store.Change(key.Id, r => r with { Name = "renamed", Clearance = 1 });
        await room.ReadFeedAsync();
        Assert.False(watch.Ended.IsCancellationRequested);
    }

    [Fact]
    [Trait("Rule", "K4")]
    public async Task Watch_Ends_WhenItsKeyIsBoundToAKeyPair()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        using var watch = room.Revocation.Watch(await room.CallerAsync(key));
        room.Store.Change(key.Id, r => r with { Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" });
        await room.ReadFeedAsync();
        Assert.Equal(CredentialEnd.Revoked, watch.Cause);
    }

    [Fact]
    public async Task Watch_Ends_AtItsKeysExpiryAlsoWhenThatMoves()
    {
        await using var room = await Room.ReadyAsync();
        var now = room.Time.GetUtcNow();
        var key = (await room.CreateAsync(Room.Spec with { Expires = now.AddSeconds(3) })).Key;
        var moved = (await room.CreateAsync(Room.Spec with { Expires = now.AddDays(1) })).Key;
        using var watch = room.Revocation.Watch(await room.CallerAsync(key));
        using var shortened = room.Revocation.Watch(await room.CallerAsync(moved));
        room.Store.Change(moved.Id, r => r with { Expires = now.AddSeconds(3) });
        await room.ReadFeedAsync();

        await AdvanceAsync(room, TimeSpan.FromSeconds(2.9));
        Assert.False(watch.Ended.IsCancellationRequested);
        await AdvanceAsync(room, TimeSpan.FromSeconds(0.6));
        Assert.Equal(CredentialEnd.Expired, watch.Cause);
        Assert.Equal(CredentialEnd.Expired, shortened.Cause);
    }

    [Fact]
    public async Task Watch_EndsWithinFiveSeconds_WhenTheFeedFallsSilent()
    {
        await using var room = await Room.ReadyAsync();
        using var watch = room.Revocation.Watch(await room.CallerAsync((await room.CreateAsync()).Key));
        room.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(watch.Ended.IsCancellationRequested);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(watch.Ended.IsCancellationRequested);
        Assert.Equal(CredentialEnd.Unverifiable, watch.Cause);
    }

    [Fact]
    public async Task Watch_HasEndedAlready_WhenItBeginsTooLate()
    {
        await using var room = await Room.ReadyAsync();
        var caller = await room.CallerAsync((await room.CreateAsync(Room.Spec with { Expires = room.Time.GetUtcNow().AddHours(1) })).Key);
        room.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CredentialEnd.Unverifiable, room.Revocation.Watch(caller).Cause);
        room.Time.Advance(TimeSpan.FromHours(1));
        await room.ReadFeedAsync();
        Assert.Equal(CredentialEnd.Expired, room.Revocation.Watch(caller).Cause);
    }

    [Fact]
    public async Task Watch_Ends_ThoughItsKeyWasRevokedBetweenAuthenticationAndWatch()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var caller = await room.CallerAsync(key);
        room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        await room.ReadFeedAsync();
        using var watch = room.Revocation.Watch(caller);
        Assert.False(watch.Ended.IsCancellationRequested);
        await AdvanceAsync(room, FeedClock.Interval);
        Assert.Equal(CredentialEnd.Revoked, watch.Cause);
    }

    [Fact]
    public async Task Watch_DoesNotHoldUpTheOthers_WhenACallbackBlocksOrThrows()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var caller = await room.CallerAsync(key);
        using var release = new ManualResetEventSlim();
        using var throwing = room.Revocation.Watch(caller);
        throwing.Ended.Register(() => throw new InvalidOperationException());
        using var blocked = room.Revocation.Watch(caller);
        blocked.Ended.Register(release.Wait);
        var watches = Enumerable.Range(0, 20).Select(_ => room.Revocation.Watch(caller)).ToList();
        room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        await room.ReadFeedAsync();
        Assert.All(watches, w => Assert.True(w.Ended.IsCancellationRequested));
        release.Set();
    }

    [Fact]
    public async Task Recheck_FailsTheFeedRead_WhenAWatchedKeyCannotBeRead()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        using var watch = room.Revocation.Watch(await room.CallerAsync(key));
        room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        room.Store.BeforeFindReturns = _ => throw new IOException("The store is down.");
        await Assert.ThrowsAsync<IOException>(room.ReadFeedAsync);
        room.Time.Advance(TimeSpan.FromSeconds(4.5));
        Assert.Equal(CredentialEnd.Unverifiable, watch.Cause);
    }

    [Fact]
    public async Task Monitor_NeedsOneTimerAndNoReads_ForManyUndisturbedStreams()
    {
        var time = new CountingTime();
        await using var room = new Room(time);
        await room.ReadFeedAsync();
        var key = (await room.CreateAsync()).Key;
        var caller = await room.CallerAsync(key);
        using (room.Revocation.Watch(caller))
        {
        }

        var timers = time.Timers;
        time.Advance(KeyFeed.Overlap + TimeSpan.FromSeconds(1));
        await room.ReadFeedAsync();
        time.Advance(KeyFeed.Overlap + TimeSpan.FromSeconds(1));
        await room.ReadFeedAsync();
        var finds = room.Store.Finds;
        var watches = Enumerable.Range(0, 1000).Select(_ => room.Revocation.Watch(caller)).ToList();
        for (var i = 0; i < 10; i++)
        {
            await AdvanceAsync(room, FeedClock.Interval);
        }

        Assert.Equal(timers, time.Timers);
        Assert.Equal(finds, room.Store.Finds);
        Assert.All(watches, w => Assert.False(w.Ended.IsCancellationRequested));
        watches.ForEach(w => w.Dispose());
    }

    [Fact]
    public async Task Watch_StaysSilent_AfterItWasDisposed()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var watch = room.Revocation.Watch(await room.CallerAsync(key));
        watch.Dispose();
        room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        await room.ReadFeedAsync();
        room.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(watch.Ended.IsCancellationRequested);
    }

    private static async Task AdvanceAsync(Room room, TimeSpan time)
    {
        room.Time.Advance(time);
        await room.ReadFeedAsync();
        room.Time.Advance(TimeSpan.Zero);
    }

    private sealed class CountingTime() : FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero))
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
