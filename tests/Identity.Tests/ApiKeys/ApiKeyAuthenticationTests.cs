using System.Net;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.ApiKeys;

public sealed class ApiKeyAuthenticationTests
{
    [Fact]
    [Trait("Rule", "K3")]
    public async Task Authenticate_BuildsTheCaller_FromTheRecord()
    {
        await using var room = await Room.ReadyAsync();
        var limits = new KeyLimits
        {
            Actions = new HashSet<string> { "infer" },
            Models = new HashSet<string> { "gpt-4o" },
            MaxLabel = 2,
            Networks = [IPNetwork.Parse("10.0.0.0/8")],
            RequestsPerMinute = 10,
            TokensPerDay = 1000,
        };
        var created = await room.CreateAsync(Room.Spec with { OwnerKind = SubjectKind.User, Owner = "alice", Clearance = 3, Purpose = "support", Limits = limits });
        var caller = await room.CallerAsync(created.Key);
        Assert.Equal("alice", caller.Subject);
        Assert.Equal(SubjectKind.User, caller.Kind);
        Assert.Equal(created.Key.Id.ToString(), caller.Client);
        Assert.Equal("contoso", caller.Tenant);
        Assert.Equal(["reader"], caller.Roles);
        Assert.Equal(AuthenticationMethod.ApiKey, caller.Method);
        Assert.False(caller.Bound);
        Assert.Null(caller.Thumbprint);
        Assert.Equal(limits, caller.Limits);
        Assert.Equal(3, caller.Clearance);
        Assert.Equal("support", caller.Purpose);
        Assert.Equal(room.Time.GetUtcNow().AddDays(90), caller.Expires);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), caller.Address);
        Assert.Empty(caller.Actors);
    }

    [Fact]
    [Trait("Rule", "N1")]
    public async Task Authenticate_GivesEachRequestItsOwnAddress_FromOneRecord()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:TrustedHops", "1"));
        var key = (await room.CreateAsync()).Key.Reveal();
        foreach (var (forwarded, expected) in new[] { ("6.6.6.6, 203.0.113.1:99", "203.0.113.1"), ("203.0.113.2", "203.0.113.2"), ("junk", null) })
        {
            var result = await room.AuthenticateAsync(("api-key", key), ("X-Forwarded-For", forwarded));
            Assert.Equal(expected, Assert.IsType<Authenticated>(result).Caller.Address?.ToString());
        }
    }

    [Fact]
    [Trait("Rule", "K1")]
    public async Task Authenticate_AsksNoStorageAndDigestsNothing_ForABadChecksum()
    {
        await using var room = await Room.ReadyAsync();
        var text = (await room.CreateAsync()).Key.Reveal();
        var computed = room.Digest.Computed;
        for (var at = 0; at < text.Length; at++)
        {
            var changed = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
            Assert.Equal(401, Assert.IsType<Refused>(await room.BearerAsync(changed)).Status);
        }

        Assert.Equal(0, room.Store.Finds);
        Assert.Equal(computed, room.Digest.Computed);
    }

    /// <summary>An unknown id, a wrong secret for a key never read, and one for a key in memory: told apart by nothing that can be seen.</summary>
    [Fact]
    [Trait("Rule", "K2")]
    public async Task Authenticate_DoesTheSameWorkAndGivesTheSameAnswer_ForAnUnknownKeyAndAWrongOne()
    {
        await using var room = await Room.ReadyAsync();
        var cold = (await room.CreateAsync()).Key;
        var hot = (await room.CreateAsync()).Key;
        await room.CallerAsync(hot);

        var unknown = await ObserveAsync(Keys.Unknown());
        var wrongCold = await ObserveAsync(Keys.WithOtherSecret(cold));
        var wrongHot = await ObserveAsync(Keys.WithOtherSecret(hot));

        Assert.Equal([1, 1, 1, 1, 1, 0, 1, 1, 0], unknown.Work);
        Assert.Equal(unknown.Work, wrongCold.Work);
        Assert.Equal(unknown.Work, wrongHot.Work);
        Assert.Equal(unknown.Shown, wrongCold.Shown);
        Assert.Equal(unknown.Shown, wrongHot.Shown);
        Assert.Equal(["unknown_key", "wrong_key", "wrong_key"], [unknown.Reason, wrongCold.Reason, wrongHot.Reason]);

        async Task<(List<int> Work, string Shown, string Reason)> ObserveAsync(string text)
        {
            // The first try, the second, and the third: digests, compares and reads of the store for each.
            var work = new List<int>();
            Refused refused = null!;
            for (var i = 0; i < 3; i++)
            {
                var (computed, compared, finds) = (room.Digest.Computed, room.Digest.Compared, room.Store.Finds);
                refused = Assert.IsType<Refused>(await room.BearerAsync(text));
                work.AddRange([room.Digest.Computed - computed, room.Digest.Compared - compared, room.Store.Finds - finds]);
            }

            return (work, $"{refused.Status} {refused.Code} {refused.Description} {string.Join('|', room.ChallengesFor(refused))} {refused.RetryAfter}", refused.Reason);
        }
    }

    [Fact]
    [Trait("Rule", "K2")]
    public async Task Authenticate_LimitsWrongKeysAlike_WhetherTheIdExistsOrNot()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:LookupsPerMinute", "2"));
        var hot = (await room.CreateAsync()).Key;
        await room.CallerAsync(hot);
        Assert.Equal(401, Status(await room.BearerAsync(Keys.Unknown())));

        foreach (var text in new[] { Keys.Unknown(), Keys.WithOtherSecret(hot) })
        {
            var refused = Assert.IsType<Refused>(await room.BearerAsync(text));
            Assert.Equal((429, "rate_limit_exceeded"), (refused.Status, refused.Code));
            Assert.True(refused.RetryAfter > TimeSpan.Zero);
        }

        Assert.IsType<Authenticated>(await room.BearerAsync(hot.Reveal()));
        Assert.Equal(401, Status(await room.BearerAsync(Keys.Unknown(), "192.0.2.99")));
    }

    [Fact]
    public async Task Authenticate_AsksTheAddressLimitBeforeTheStore_ForEachUnknownKey()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:LookupsPerMinute", "3"));
        for (var i = 0; i < 20; i++)
        {
            await room.BearerAsync(Keys.Unknown());
        }

        Assert.Equal(3, room.Store.Finds);
    }

    [Fact]
    [Trait("Rule", "K3")]
    public async Task Authenticate_Refuses_BeforeNotBeforeAndFromExpiry()
    {
        await using var room = await Room.ReadyAsync();
        var start = room.Time.GetUtcNow();
        var key = (await room.CreateAsync(Room.Spec with { NotBefore = start.AddMinutes(10), Expires = start.AddMinutes(20) })).Key.Reveal();
        foreach (var (minutes, reason) in new (double, string?)[] { (0, "early_key"), (9.9, "early_key"), (10, null), (19.99, null), (20, "expired_key"), (500, "expired_key") })
        {
            room.Time.SetUtcNow(start.AddMinutes(minutes));
            await room.ReadFeedAsync();
            var result = await room.BearerAsync(key);
            Assert.Equal(reason, (result as Refused)?.Reason);
        }
    }

    [Fact]
    [Trait("Rule", "K3")]
    public async Task Authenticate_AcceptsAKey_MadeByAClockSlightlyAhead()
    {
        await using var room = await Room.ReadyAsync();
        var now = room.Time.GetUtcNow();
        var soon = (await room.CreateAsync(Room.Spec with { NotBefore = now.AddSeconds(5) })).Key;
        var later = (await room.CreateAsync(Room.Spec with { NotBefore = now.AddSeconds(6) })).Key;
        Assert.IsType<Authenticated>(await room.BearerAsync(soon.Reveal()));
        Assert.Equal("early_key", Assert.IsType<Refused>(await room.BearerAsync(later.Reveal())).Reason);
    }

    [Fact]
    [Trait("Rule", "D16")]
    [Trait("Rule", "K4")]
    public async Task Authenticate_RefusesABoundKey_SentAlone()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        room.Store.Change(key.Id, r => r with { Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" });
        foreach (var header in new[] { ("Authorization", "Bearer " + key.Reveal()), ("api-key", key.Reveal()), ("x-api-key", key.Reveal()) })
        {
            var refused = Assert.IsType<Refused>(await room.AuthenticateAsync(header));
            Assert.Equal((401, "invalid_token", "bound_as_bearer"), (refused.Status, refused.Code, refused.Reason));
        }
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Authenticate_RefusesARevokedKey_AtOnceOnTheInstanceThatRevoked()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        await room.Keys.RevokeAsync(key.Id, CancellationToken.None);
        var refused = Assert.IsType<Refused>(await room.BearerAsync(key.Reveal()));
        Assert.Equal((401, "revoked_key"), (refused.Status, refused.Reason));
    }

    [Fact]
    [Trait("Rule", "K2")]
    public async Task Authenticate_AcceptsOldKeysUnderTheirPepper_UntilItIsTakenAway()
    {
        await using var first = await Room.ReadyAsync();
        var old = (await first.CreateAsync()).Key;

        await using var second = new Room(first.Time, first.Store, ($"{Room.PepperKey}:2", Room.Pepper(2)));
        await second.ReadFeedAsync();
        Assert.Equal(2, (await second.CreateAsync()).Record.PepperVersion);
        await second.CallerAsync(old);

        await using var third = new Room(first.Time, first.Store, ($"{Room.PepperKey}:1", Room.Pepper(9)));
        await third.ReadFeedAsync();
        Assert.Equal("wrong_key", Assert.IsType<Refused>(await third.BearerAsync(old.Reveal())).Reason);

        first.Store.Change(old.Id, r => r with { PepperVersion = 7 });
        await second.ReadFeedAsync();
        Assert.Equal("pepper_missing", Assert.IsType<Refused>(await second.BearerAsync(old.Reveal())).Reason);
    }

    [Fact]
    [Trait("Rule", "K2")]
    public async Task Authenticate_KnowsAPepperThatIsAdded_WithoutARestart_AndNoKeyWithoutAny()
    {
        await using var room = await Room.ReadyAsync();
        var old = (await room.CreateAsync()).Key;

        Set(room, 2, Room.Pepper(2));
        var made = await room.CreateAsync();
        var (young, record) = (made.Key, made.Record);
        Assert.Equal(2, record.PepperVersion);
        await room.CallerAsync(old);
        await room.CallerAsync(young);

        // One that is wrong takes nothing away.
        Set(room, 2, "no pepper");
        await room.CallerAsync(young);

        room.Configuration[$"{Room.PepperKey}:1"] = null;
        room.Configuration[$"{Room.PepperKey}:2"] = null;
        room.Configuration.Reload();
        Assert.Equal(503, Assert.IsType<Refused>(await room.BearerAsync(young.Reveal())).Status);

        static void Set(Room room, int version, string pepper)
        {
            room.Configuration[$"{Room.PepperKey}:{version}"] = pepper;
            room.Configuration.Reload();
        }
    }

    [Fact]
    public async Task Authenticate_CompletesAtOnceAndAllocatesLittle_ForAKeyInMemory()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        var authenticator = room.Authenticator;
        var request = Room.Request("192.0.2.1", ("Authorization", "Bearer " + key.Reveal()));
        const int calls = 1000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
        {
            var answer = authenticator.AuthenticateAsync(request, CancellationToken.None);
            Assert.True(answer.IsCompletedSuccessfully);
            await answer;
        }

        // The parsed key, the caller and the result: no copy of the key's text, no task.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / calls, 0, 400);
    }

    [Fact]
    public async Task Authenticate_Answers503_WhereTheStoreCannotBeAsked()
    {
        await using var room = await Room.ReadyAsync();
        var known = (await room.CreateAsync()).Key;
        await room.CallerAsync(known);
        var unread = (await room.CreateAsync()).Key;
        room.Store.Down = true;

        Assert.IsType<Authenticated>(await room.BearerAsync(known.Reveal()));
        var refused = Assert.IsType<Refused>(await room.BearerAsync(unread.Reveal()));
        Assert.Equal((503, "temporarily_unavailable"), (refused.Status, refused.Code));
        Assert.True(refused.RetryAfter > TimeSpan.Zero);

        room.Store.Down = false;
        Assert.IsType<Authenticated>(await room.BearerAsync(unread.Reveal()));
    }

    [Fact]
    public async Task Authenticate_Answers503_WhereTheStoreIsTooSlow()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        room.Store.BeforeFindReturns = _ =>
        {
            asked.SetResult();
            return never.Task;
        };
        var answer = room.BearerAsync(key.Reveal());
        await asked.Task;
        while (!answer.IsCompleted)
        {
            room.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Equal(503, Status(await answer));
    }

    [Fact]
    public async Task Authenticate_ThrowsCancellation_WhenTheClientLeavesDuringARead()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        using var left = new CancellationTokenSource();
        var release = new TaskCompletionSource();
        room.Store.BeforeFindReturns = _ => release.Task;
        var answer = room.Authenticator.AuthenticateAsync(Room.Request("192.0.2.1", ("api-key", key.Reveal())), left.Token).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        release.SetResult();
    }

    private static int Status(AuthenticationResult result) => Assert.IsType<Refused>(result).Status;
}
