using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.ApiKeys;

[Trait("Rule", "K7")]
public sealed class LeakReportTests
{
    [Fact]
    public async Task GenuineKey_IsRevoked_Once()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        Assert.Equal(key.Id, Assert.IsType<KeyLeak.Revoked>(await ReportAsync(room, key.Reveal())).Record.Id);
        Assert.IsType<KeyLeak.Nothing>(await ReportAsync(room, key.Reveal()));
        Assert.Equal("revoked_key", Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task ExpiredKey_IsRevokedToo()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync(Room.Spec with { Expires = room.Time.GetUtcNow().AddSeconds(1) })).Key;
        room.Time.Advance(TimeSpan.FromDays(1));
        Assert.IsType<KeyLeak.Revoked>(await ReportAsync(room, key.Reveal()));
    }

    [Fact]
    public async Task WrongUnknownAndMalformedKeys_RevokeNothing()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        foreach (var text in new[] { Keys.WithOtherSecret(key), Keys.Unknown(), key.Reveal()[..^1] + (key.Reveal()[^1] == 'A' ? 'B' : 'A'), "", "pgk_", null })
        {
            Assert.IsType<KeyLeak.Nothing>(await ReportAsync(room, text));
        }

        Assert.Equal(ApiKeyState.Active, room.Store[key.Id].State);
    }

    [Fact]
    public async Task WrongKey_CostsTheSameWorkAsAnUnknownOne_AndAsOneThatWasRevoked()
    {
        await using var room = await Room.ReadyAsync();
        var (key, revoked) = ((await room.CreateAsync()).Key, (await room.CreateAsync()).Key);
        await room.Keys.RevokeAsync(revoked.Id, CancellationToken.None);
        var costs = new List<(int, int, int)>();
        foreach (var text in new[] { Keys.WithOtherSecret(key), Keys.Unknown(), revoked.Reveal() })
        {
            var before = (room.Store.Finds, room.Digest.Computed, room.Digest.Compared);
            await ReportAsync(room, text);
            costs.Add((room.Store.Finds - before.Finds, room.Digest.Computed - before.Computed, room.Digest.Compared - before.Compared));
        }

        Assert.All(costs, static c => Assert.Equal((1, 1, 1), c));
    }

    [Fact]
    public async Task Report_IsUnavailable_WhenTheStoreIs_WhateverTheKey()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        room.Store.Down = true;
        Assert.IsType<KeyLeak.Unavailable>(await ReportAsync(room, key.Reveal()));
        Assert.IsType<KeyLeak.Unavailable>(await ReportAsync(room, Keys.Unknown()));
    }

    [Fact]
    public async Task Report_IsUnavailable_WhenOnlyTheRevocationFails()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        room.Store.BeforeUpdate = _ => throw new IOException("fault");
        Assert.IsType<KeyLeak.Unavailable>(await ReportAsync(room, key.Reveal()));
        room.Store.BeforeUpdate = null;
        Assert.IsType<KeyLeak.Revoked>(await ReportAsync(room, key.Reveal()));
    }

    [Fact]
    public async Task Reports_AreLimitedInNumber_AtTheStore()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:ConcurrentReads", "1"));
        var hold = new TaskCompletionSource();
        room.Store.BeforeFindReturns = _ => hold.Task;
        var first = ReportAsync(room, Keys.Unknown());
        Assert.IsType<KeyLeak.Unavailable>(await ReportAsync(room, Keys.Unknown()));
        hold.SetResult();
        Assert.IsType<KeyLeak.Nothing>(await first);
    }

    private static Task<KeyLeak> ReportAsync(Room room, string? key) => room.Keys.ReportLeakAsync(key, CancellationToken.None);
}
