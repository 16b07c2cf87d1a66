using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.ApiKeys;

public sealed class ApiKeyCacheTests
{
    [Fact]
    public async Task Cache_ReadsTheStoreOnce_ForAnyNumberOfCalls()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        for (var i = 0; i < 50; i++)
        {
            await room.CallerAsync(key);
        }

        Assert.Equal(1, room.Store.Finds);
    }

    [Fact]
    public async Task Cache_SharesOneRead_AmongParallelCallersOfOneKey()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:LookupsPerMinute", "1"));
        var key = (await room.CreateAsync()).Key;
        var release = new TaskCompletionSource();
        room.Store.BeforeFindReturns = _ => release.Task;
        var answers = Enumerable.Range(0, 100).Select(_ => room.BearerAsync(key.Reveal())).ToList();
        release.SetResult();
        Assert.All(await Task.WhenAll(answers), answer => Assert.IsType<Authenticated>(answer));
        Assert.Equal(1, room.Store.Finds);
    }

    [Fact]
    public async Task Cache_RefusesReads_BeyondItsNumberAtOnce()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:ConcurrentReads", "4"));
        var release = new TaskCompletionSource();
        room.Store.BeforeFindReturns = _ => release.Task;
        var answers = Enumerable.Range(0, 10).Select(_ => room.BearerAsync(Keys.Unknown())).ToList();
        release.SetResult();
        var statuses = (await Task.WhenAll(answers)).Select(a => Assert.IsType<Refused>(a).Status).ToList();
        Assert.Equal(4, statuses.Count(s => s == 401));
        Assert.Equal(6, statuses.Count(s => s == 503));
        Assert.Equal(401, Assert.IsType<Refused>(await room.BearerAsync(Keys.Unknown())).Status);
    }

    [Fact]
    public async Task Cache_StaysWithinItsBoundAndKeepsRealKeys_UnderTenThousandInventedIds()
    {
        await using var room = await Room.ReadyAsync(
            ("Proofgate:Identity:CachedKeys", "100"), ("Proofgate:Identity:CachedRefusals", "200"), ("Proofgate:Identity:LookupsPerMinute", "1000000"));
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        for (var i = 0; i < 10_000; i++)
        {
            await room.BearerAsync(Keys.Unknown());
            Assert.InRange(room.Cache.Count, 0, 300);
        }

        var finds = room.Store.Finds;
        await room.CallerAsync(key);
        Assert.Equal(finds, room.Store.Finds);
    }

    [Fact]
    public async Task Cache_StaysWithinItsBoundAndKeepsTheBusyKey_WithManyRealKeys()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:CachedKeys", "20"), ("Proofgate:Identity:LookupsPerMinute", "1000000"));
        var busy = (await room.CreateAsync()).Key;
        await room.CallerAsync(busy);
        for (var i = 0; i < 300; i++)
        {
            await room.CallerAsync((await room.CreateAsync()).Key);
            var finds = room.Store.Finds;
            await room.CallerAsync(busy);
            Assert.Equal(finds, room.Store.Finds);
            Assert.InRange(room.Cache.Count, 1, 20);
        }
    }

    [Fact]
    public async Task Cache_AcceptsAKeyMadeElsewhere_AlthoughItsIdWasRefusedBefore()
    {
        await using var room = await Room.ReadyAsync();
        await using var elsewhere = new Room(room.Time);
        var created = await elsewhere.CreateAsync();
        Assert.Equal("unknown_key", Assert.IsType<Refused>(await room.BearerAsync(created.Key.Reveal())).Reason);

        Assert.True(await room.Store.TryInsertAsync(created.Record, CancellationToken.None));
        Assert.Equal("unknown_key", Assert.IsType<Refused>(await room.BearerAsync(created.Key.Reveal())).Reason);
        await room.ReadFeedAsync();
        await room.CallerAsync(created.Key);
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Cache_KeepsNothingOfARead_ThatBeganBeforeTheChange()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource();
        room.Store.BeforeFindReturns = _ =>
        {
            asked.TrySetResult();
            return release.Task;
        };

        // The read has the old record in hand while the key is revoked and the feed says so.
        var slow = room.BearerAsync(key.Reveal());
        await asked.Task;
        room.Store.Change(key.Id, r => r with { State = ApiKeyState.Revoked });
        await room.ReadFeedAsync();
        release.SetResult();
        await slow;

        Assert.Equal("revoked_key", Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task Cache_AsksTheStoreAgain_AfterItsLifetime()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        var junk = Keys.Unknown();
        await room.BearerAsync(junk);
        room.Time.Advance(ApiKeyCache.Lifetime);
        await room.ReadFeedAsync();
        var finds = room.Store.Finds;
        await room.CallerAsync(key);
        await room.BearerAsync(junk);
        Assert.Equal(finds + 2, room.Store.Finds);
    }

    [Fact]
    public async Task BoundedMap_NeverExceedsItsCapacityNorResurrects_UnderParallelUse()
    {
        var map = new BoundedMap<int>(64);
        var ids = Enumerable.Range(0, 500).Select(_ => KeyId.New()).ToArray();
        var victim = KeyId.New();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var id = ids[(i * (worker + 1)) % ids.Length];
                if (!map.TryGet(id, out _))
                {
                    map.Set(id, i);
                }

                if (worker == 0)
                {
                    map.Set(victim, i);
                    map.Remove(victim);
                    Assert.False(map.TryGet(victim, out _));
                }
                else
                {
                    map.TryGet(victim, out _);
                }
            }
        })));
        Assert.InRange(map.Count, 1, 64);
    }
}
