using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.ApiKeys;

[Trait("Rule", "K4")]
public sealed class ApiKeyBindingTests
{
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    [Fact]
    public async Task BoundKey_IsRefusedAsBearer_AtOnce()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        Assert.Equal(Thumbprint, Assert.IsType<ApiKeyBinding.Bound>(await BindAsync(room, key.Id)).Record.Thumbprint);
        Assert.Equal("bound_as_bearer", Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public async Task KeyThatIsMadeBound_IsNeverGoodAsBearer()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync(Room.Spec with { Thumbprint = Thumbprint })).Key;
        Assert.Equal(Thumbprint, room.Store[key.Id].Thumbprint);
        Assert.Equal("bound_as_bearer", Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Theory]
    [InlineData(Thumbprint)]
    [InlineData("another")]
    public async Task BoundKey_IsNotBoundAgain(string thumbprint)
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        await BindAsync(room, key.Id);
        Assert.IsType<ApiKeyBinding.AlreadyBound>(await BindAsync(room, key.Id, thumbprint));
        Assert.Equal(Thumbprint, room.Store[key.Id].Thumbprint);
    }

    [Fact]
    public async Task RevokedExpiredAndUnknownKeys_AreNotBound()
    {
        await using var room = await Room.ReadyAsync();
        var revoked = (await room.CreateAsync()).Key;
        await room.Keys.RevokeAsync(revoked.Id, CancellationToken.None);
        var expired = (await room.CreateAsync(Room.Spec with { Expires = room.Time.GetUtcNow().AddSeconds(1) })).Key;
        room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<ApiKeyBinding.NotActive>(await BindAsync(room, revoked.Id));
        Assert.IsType<ApiKeyBinding.NotActive>(await BindAsync(room, expired.Id));
        Assert.IsType<ApiKeyBinding.NotFound>(await BindAsync(room, KeyId.New()));
    }

    [Fact]
    public async Task TwoBindingsAtOnce_HaveOneWinner()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var raced = false;
        room.Store.BeforeUpdate = r =>
        {
            if (!raced)
            {
                raced = true;
                room.Store.Change(r.Id, static stored => stored with { Thumbprint = "winner" });
            }
        };
        Assert.IsType<ApiKeyBinding.AlreadyBound>(await BindAsync(room, key.Id));
        Assert.Equal("winner", room.Store[key.Id].Thumbprint);
    }

    [Fact]
    public async Task BindingWhoseReplyWasLost_IsDone()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        room.Store.BeforeUpdate = r => room.Store.Change(r.Id, static stored => stored.Thumbprint is null ? stored with { Thumbprint = Thumbprint } : stored);
        Assert.IsType<ApiKeyBinding.Bound>(await BindAsync(room, key.Id));
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task RevocationDuringABinding_Wins()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        room.Store.BeforeUpdate = r => room.Store.Change(r.Id, static stored => stored with { State = ApiKeyState.Revoked });
        Assert.IsType<ApiKeyBinding.NotActive>(await BindAsync(room, key.Id));
        Assert.Equal((ApiKeyState.Revoked, (string?)null), (room.Store[key.Id].State, room.Store[key.Id].Thumbprint));
    }

    private static Task<ApiKeyBinding> BindAsync(Room room, KeyId id, string thumbprint = Thumbprint) => room.Keys.BindAsync(id, thumbprint, CancellationToken.None);
}
