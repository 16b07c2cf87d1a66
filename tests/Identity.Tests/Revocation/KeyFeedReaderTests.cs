using Microsoft.Extensions.Hosting;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Tests.Support;
using Proofgate.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Revocation;

[Trait("Rule", "K6")]
public sealed class KeyFeedReaderTests
{
    [Fact]
    public async Task Reader_HasReadOnce_WhenTheHostHasStarted()
    {
        await using var host = new Host();
        Assert.False(host.Room.Get<IdentityHealth>().Ready);
        await host.Reader.StartAsync(CancellationToken.None);
        Assert.True(host.Room.Get<IdentityHealth>().Ready);
        Assert.Equal(TimeSpan.Zero, host.Room.Get<IdentityHealth>().FeedAge);
        Assert.Equal(1, host.Room.Store.FeedReads);
    }

    [Fact]
    public async Task Reader_ReadsEveryTwoSeconds_HoweverManyCallsThereAre()
    {
        await using var host = new Host();
        await host.Reader.StartAsync(CancellationToken.None);
        var key = (await host.Room.CreateAsync()).Key;
        for (var read = 2; read <= 6; read++)
        {
            await host.Time.WaitedForAsync(FeedClock.Interval);
            await host.Room.CallerAsync(key);
            await host.Room.CallerAsync(key);
            Assert.Equal(read - 1, host.Room.Store.FeedReads);
            host.Time.Advance(FeedClock.Interval);
        }

        await host.Time.WaitedForAsync(FeedClock.Interval);
        Assert.Equal(6, host.Room.Store.FeedReads);
    }

    [Fact]
    public async Task Reader_MakesARevocationElsewhereBite_WithinFiveSeconds()
    {
        await using var host = new Host();
        await host.Reader.StartAsync(CancellationToken.None);
        var key = (await host.Room.CreateAsync()).Key;
        using var watch = host.Room.Revocation.Watch(await host.Room.CallerAsync(key));
        await host.Time.WaitedForAsync(FeedClock.Interval);
        host.Time.Advance(FeedClock.Interval);
        await host.Time.WaitedForAsync(FeedClock.Interval);

        host.Room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        Assert.IsType<Authenticated>(await host.Room.BearerAsync(key.Reveal()));
        var ended = new TaskCompletionSource();
        watch.Ended.Register(ended.SetResult);
        host.Time.Advance(FeedClock.Interval);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(CredentialEnd.Revoked, watch.Cause);
        Assert.Equal("revoked_key", Assert.IsType<Refused>(await host.Room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task Reader_TriesAgainSoonAndRecovers_AfterFailures()
    {
        await using var host = new Host();
        host.Room.Store.Down = true;
        await host.Reader.StartAsync(CancellationToken.None);
        Assert.False(host.Room.Get<IdentityHealth>().Ready);
        for (var i = 0; i < 3; i++)
        {
            await host.Time.WaitedForAsync(KeyFeedReader.RetryDelay);
            host.Room.Store.Down = i < 2;
            host.Time.Advance(KeyFeedReader.RetryDelay);
        }

        await host.Time.WaitedForAsync(FeedClock.Interval);
        Assert.True(host.Room.Get<IdentityHealth>().Ready);
        Assert.Equal(4, host.Room.Store.FeedReads);
    }

    [Fact]
    public async Task Reader_GivesUpARead_ThatHangs()
    {
        await using var host = new Host();
        await host.Reader.StartAsync(CancellationToken.None);
        await host.Time.WaitedForAsync(FeedClock.Interval);
        host.Room.Store.BeforeFeedReturns = static token => Task.Delay(Timeout.Infinite, token);
        host.Time.Advance(FeedClock.Interval);
        await host.Time.WaitedForAsync(KeyFeedReader.Timeout);
        host.Time.Advance(KeyFeedReader.Timeout);
        await host.Time.WaitedForAsync(KeyFeedReader.RetryDelay);
        Assert.False(host.Room.Get<IdentityHealth>().Ready);
    }

    private sealed class Host : IAsyncDisposable
    {
        public Host()
        {
            // Another time than the feed's, so that the clock can tell the two waits apart.
            Room = new Room(Time, settings: ("Proofgate:Identity:ReadTimeout", "00:00:01.9"));
            Reader = Room.Get<IEnumerable<IHostedService>>().OfType<KeyFeedReader>().Single();
        }

        public SteppedTime Time { get; } = new();

        public Room Room { get; }

        public KeyFeedReader Reader { get; }

        public async ValueTask DisposeAsync()
        {
            await Reader.StopAsync(CancellationToken.None);
            await Room.DisposeAsync();
        }
    }
}
