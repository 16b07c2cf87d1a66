using System.Net;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.ApiKeys;

[Trait("Rule", "K5")]
public sealed class ApiKeyRotationTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task Rotation_InheritsEverythingButTheTime()
    {
        await using var room = await Room.ReadyAsync();
        var (key, record) = await room.CreateAsync(Room.Spec with
        {
            Environment = "test",
            OwnerKind = SubjectKind.User,
            Purpose = "support",
            Clearance = 2,
            Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
            Limits = new KeyLimits { Models = new HashSet<string> { "m" }, Networks = [IPNetwork.Parse("10.0.0.0/8")], RequestsPerMinute = 3 },
            Expires = room.Time.GetUtcNow().AddDays(7),
        });
        room.Time.Advance(TimeSpan.FromDays(2));
        var rotated = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id));

        var now = room.Time.GetUtcNow();
        var made = room.Store[rotated.Key.Id];
        Assert.Equal(
            record with { Id = made.Id, Digest = made.Digest, Created = now, NotBefore = now, Expires = now.AddDays(7), CreatedBy = "asker", Predecessor = key.Id, Version = made.Version },
            made);
        Assert.NotEqual(record.Digest.ToArray(), made.Digest.ToArray());
        var retired = room.Store[key.Id];
        Assert.Equal((rotated.Key.Id, now + Day, ApiKeyState.Active), (retired.Successor, retired.Expires, retired.State));
        Assert.Equal(retired with { Version = null }, rotated.Retired with { Version = null });
    }

    [Fact]
    public async Task BothKeys_AreGoodDuringTheOverlap_AndTheOldOneIsNotAfterIt()
    {
        await using var room = await Room.ReadyAsync();
        var old = (await room.CreateAsync()).Key;
        var next = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, old.Id)).Key;
        room.Time.Advance(Day - TimeSpan.FromSeconds(1));
        await room.ReadFeedAsync();
        await room.CallerAsync(old);
        await room.CallerAsync(next);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        await room.CallerAsync(next);
        Assert.Equal("expired_key", Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(old.Reveal())).Reason);
    }

    [Fact]
    public async Task OverlapOfZero_EndsTheOldKeyAtOnce_AndAnEarlierExpiryStays()
    {
        await using var room = await Room.ReadyAsync();
        var (now, at) = (room.Time.GetUtcNow(), TimeSpan.Zero);
        var key = (await room.CreateAsync()).Key;
        await RotateAsync(room, key.Id, at);
        Assert.Equal("expired_key", Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(key.Reveal())).Reason);

        var brief = (await room.CreateAsync(Room.Spec with { Expires = now.AddHours(1) })).Key;
        await RotateAsync(room, brief.Id, Day);
        Assert.Equal(now.AddHours(1), room.Store[brief.Id].Expires);
    }

    [Fact]
    public async Task KeyThatNeverExpires_HasASuccessorThatDoesNot_AndEndsItself()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync(Room.Spec with { NeverExpires = true })).Key;
        var rotated = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id));
        Assert.Null(room.Store[rotated.Key.Id].Expires);
        Assert.Equal(room.Time.GetUtcNow() + Day, room.Store[key.Id].Expires);
    }

    [Fact]
    public async Task SpanOfTheSuccessor_IsThatOfTheKey_AlsoWhenItBeginsLater()
    {
        await using var room = await Room.ReadyAsync();
        var now = room.Time.GetUtcNow();
        var key = (await room.CreateAsync(Room.Spec with { NotBefore = now.AddDays(10), Expires = now.AddDays(15) })).Key;
        var next = room.Store[Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id)).Key.Id];
        Assert.Equal((now.AddDays(10), now.AddDays(15)), (next.NotBefore, next.Expires));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData((30 * 24 * 3600) + 1)]
    public async Task Overlap_IsZeroToThirtyDays(int seconds)
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RotateAsync(room, key.Id, TimeSpan.FromSeconds(seconds)));
        Assert.Equal(1, room.Store.Count);
    }

    [Fact]
    public async Task RevokedExpiredAndUnknownKeys_AreNotRotated()
    {
        await using var room = await Room.ReadyAsync();
        var revoked = (await room.CreateAsync()).Key;
        await room.Keys.RevokeAsync(revoked.Id, CancellationToken.None);
        var expired = (await room.CreateAsync(Room.Spec with { Expires = room.Time.GetUtcNow().AddSeconds(1) })).Key;
        room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<ApiKeyRotation.NotActive>(await RotateAsync(room, revoked.Id));
        Assert.IsType<ApiKeyRotation.NotActive>(await RotateAsync(room, expired.Id));
        Assert.IsType<ApiKeyRotation.NotFound>(await RotateAsync(room, KeyId.New()));
        Assert.Equal(2, room.Store.Count);
    }

    [Fact]
    public async Task RotatingTwice_IsRefused_WhileTheSuccessorIsAlive()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var first = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id)).Key.Id;
        Assert.Equal(first, Assert.IsType<ApiKeyRotation.HasSuccessor>(await RotateAsync(room, key.Id)).Successor);
        Assert.Equal(2, room.Store.Count);

        await room.Keys.RevokeAsync(first, CancellationToken.None);
        var second = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id)).Key.Id;
        Assert.Equal(second, room.Store[key.Id].Successor);
        Assert.Equal(room.Time.GetUtcNow().AddDays(90), room.Store[second].Expires);
    }

    [Fact]
    public async Task RotatingTwice_IsRefused_AlsoWhileASuccessorsSuccessorIsAlive()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var second = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id, TimeSpan.FromDays(30))).Key.Id;
        var third = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, second, TimeSpan.Zero)).Key.Id;
        Assert.Equal(third, Assert.IsType<ApiKeyRotation.HasSuccessor>(await RotateAsync(room, key.Id)).Successor);
    }

    [Fact]
    [Trait("Rule", "K9")]
    public async Task RotationThatCannotBeRecorded_ChangesNothing_AndRevokesTheSuccessor()
    {
        await using var room = await Room.ReadyAsync();
        var (key, record) = await room.CreateAsync();
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(room, key.Id, witness: new Witness { Fails = true }));
        Assert.Equal((record.Expires, (KeyId?)null), (room.Store[key.Id].Expires, room.Store[key.Id].Successor));
        Assert.Equal(ApiKeyState.Revoked, room.Store.Records.Single(r => r.Predecessor == key.Id).State);
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task RotationThatLosesToARevocation_LeavesNoKeyAlive()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var witness = new Witness { Begins = () => room.Store.Change(key.Id, static r => r with { State = ApiKeyState.Revoked }) };
        Assert.IsType<ApiKeyRotation.NotActive>(await RotateAsync(room, key.Id, witness: witness));
        Assert.All(room.Store.Records, static r => Assert.Equal(ApiKeyState.Revoked, r.State));
        Assert.Equal(witness.Begun, witness.Abandoned);
    }

    [Fact]
    public async Task TwoRotationsAtOnce_HaveOneSuccessor()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        KeyId? winner = null;
        var witness = new Witness();
        witness.Begins = () =>
        {
            // The other one runs whole while this one is between its two writes.
            witness.Begins = null;
            winner = ((ApiKeyRotation.Rotated)RotateAsync(room, key.Id).GetAwaiter().GetResult()).Key.Id;
        };
        var loser = Assert.IsType<ApiKeyRotation.HasSuccessor>(await RotateAsync(room, key.Id, witness: witness));
        Assert.Equal(winner, loser.Successor);
        Assert.Equal(winner, room.Store[key.Id].Successor);
        Assert.Equal(ApiKeyState.Revoked, room.Store[witness.Begun!.Value].State);
    }

    [Fact]
    [Trait("Rule", "K4")]
    public async Task KeyThatIsBoundWhileItIsRotated_HasNoUnboundSuccessor()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var witness = new Witness { Begins = () => room.Store.Change(key.Id, static r => r with { Thumbprint = "t" }) };
        Assert.IsType<ApiKeyRotation.NotActive>(await RotateAsync(room, key.Id, witness: witness));
        Assert.DoesNotContain(room.Store.Records, static r => r is { State: ApiKeyState.Active, Thumbprint: null });
    }

    [Fact]
    public async Task OtherChangeOfTheKey_MeanwhileIsKept()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var witness = new Witness { Begins = () => room.Store.Change(key.Id, static r => r with { Name = "renamed" }) };
        Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id, witness: witness));
        Assert.Equal("renamed", room.Store[key.Id].Name);
        Assert.NotNull(room.Store[key.Id].Successor);
    }

    /// <summary>Before and after each of the two writes: not done, and done with the reply lost.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task RotationThatFailsAtAWrite_LeavesTheOldKey_AndCanBeRepeated(bool insert, bool done)
    {
        await using var room = await Room.ReadyAsync();
        var (key, record) = await room.CreateAsync();
        var failures = 1;
        void Fail(ApiKeyRecord written)
        {
            if ((written.Id != key.Id) == insert && failures-- > 0)
            {
                throw new IOException("fault");
            }
        }

        if (done)
        {
            room.Store.AfterWrite = Fail;
        }
        else
        {
            room.Store.BeforeInsert = room.Store.BeforeUpdate = Fail;
        }

        if (!insert && done)
        {
            // The look that follows finds that it is done.
            Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id));
            return;
        }

        await Assert.ThrowsAsync<IOException>(() => RotateAsync(room, key.Id));
        Assert.Equal((record.Expires, ApiKeyState.Active), (room.Store[key.Id].Expires, room.Store[key.Id].State));
        await room.CallerAsync(key);
        (room.Store.BeforeInsert, room.Store.BeforeUpdate, room.Store.AfterWrite) = (null, null, null);
        var rotated = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(room, key.Id));
        await room.CallerAsync(rotated.Key);
    }

    [Fact]
    public async Task RotationOfWhichNobodyCanSayWhetherItWasDone_RevokesNothing()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        room.Store.BeforeUpdate = _ => room.Store.Down = true;
        room.Store.AfterWrite = _ =>
        {
            if (room.Store.Down)
            {
                throw new IOException("fault");
            }
        };
        await Assert.ThrowsAsync<IOException>(() => RotateAsync(room, key.Id));
        Assert.All(room.Store.Records, static r => Assert.Equal(ApiKeyState.Active, r.State));
    }

    [Fact]
    public async Task OpenStreamOfTheOldKey_LivesUntilItsNewExpiry()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        using var watch = room.Revocation.Watch(await room.CallerAsync(key));
        await RotateAsync(room, key.Id, TimeSpan.FromSeconds(3));
        await room.ReadFeedAsync();
        Assert.False(watch.Ended.IsCancellationRequested);
        room.Time.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(CredentialEnd.Expired, watch.Cause);
    }

    private static Task<ApiKeyRotation> RotateAsync(Room room, KeyId id, TimeSpan? overlap = null, Witness? witness = null) =>
        room.Keys.RotateAsync(id, overlap ?? Day, "asker", witness ?? new Witness(), CancellationToken.None);

    private sealed class Witness : IRotationWitness
    {
        public bool Fails { get; init; }

        public Action? Begins { get; set; }

        public KeyId? Begun { get; private set; }

        public KeyId? Abandoned { get; private set; }

        public Task BeginsAsync(ApiKeyRecord old, ApiKeyRecord successor)
        {
            Begun = successor.Id;
            Begins?.Invoke();
            return Fails ? Task.FromException(new IOException("the audit stream is down")) : Task.CompletedTask;
        }

        public Task AbandonedAsync(ApiKeyRecord successor)
        {
            Abandoned = successor.Id;
            return Task.CompletedTask;
        }
    }
}
