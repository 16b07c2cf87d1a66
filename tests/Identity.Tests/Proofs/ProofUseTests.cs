using System.Text;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Proofs;

/// <summary>Each proof once, and only together with the credential that it is for.</summary>
public sealed class ProofUseTests
{
    [Fact]
    [Trait("Rule", "D14")]
    public async Task Proof_HoldsOnce()
    {
        await using var bound = await Bound.CreateAsync();
        var proof = bound.Proof();
        await bound.AcceptedAsync(proof);
        await bound.AssertRefusedAsync("proof_replayed", proof);
        Assert.Equal(1, bound.Room.Replays.Asked);

        // ECDSA signatures are not unique: the same claims signed again are the same use.
        await bound.AssertRefusedAsync("proof_replayed", bound.Smith.Sign(bound.Smith.Header().ToJsonString(), Payload(proof)));
        await bound.AcceptedAsync(bound.Proof());
    }

    [Fact]
    [Trait("Rule", "D14")]
    public async Task Proof_HoldsOnce_AcrossInstances()
    {
        await using var bound = await Bound.CreateAsync();
        await using var elsewhere = new Room(bound.Room.Time, bound.Room.Store, ("Proofgate:PublicOrigins:0", Room.Origin)) { Replays = bound.Room.Replays };
        await elsewhere.ReadFeedAsync();
        var proof = bound.Proof();
        await bound.AcceptedAsync(proof);
        var refused = Assert.IsType<Refused>(await elsewhere.AuthenticateAsync(("Authorization", "DPoP " + bound.Credential), ("DPoP", proof)));
        Assert.Equal("proof_replayed", refused.Reason);
        Assert.Equal(2, bound.Room.Replays.Asked);
    }

    [Fact]
    [Trait("Rule", "D14")]
    public async Task SameId_IsNoReplay_WithAnotherKeyPair()
    {
        await using var bound = await Bound.CreateAsync();
        using var other = ProofSmith.Create();
        var key = (await bound.Room.CreateAsync()).Key;
        await Bound.BindAsync(bound.Room, key, other);
        await bound.AcceptedAsync(bound.Proof(static (_, claims) => claims["jti"] = "1"));
        var proof = other.Make(bound.Room.Time, key.Reveal(), static (_, claims) => claims["jti"] = "1");
        Assert.IsType<Authenticated>(await bound.Room.AuthenticateAsync(("Authorization", "DPoP " + key.Reveal()), ("DPoP", proof)));
    }

    [Theory]
    [Trait("Rule", "D14")]
    [Trait("Rule", "D15")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Proof_IsRefusedWith503_WhenTheStoreIsOutOfReach(bool hangs)
    {
        await using var bound = await Bound.CreateAsync();
        (bound.Room.Replays.Down, bound.Room.Replays.Hangs) = (!hangs, hangs);
        var proof = bound.Proof();
        var sending = bound.SendAsync(proof);
        if (hangs)
        {
            await bound.Room.Replays.Hanging.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(sending.IsCompleted);
            bound.Room.Time.Advance(TimeSpan.FromSeconds(3));
        }

        var refused = Assert.IsType<Refused>(await sending);
        Assert.Equal((503, "replay_store_unavailable"), (refused.Status, refused.Reason));
        Assert.NotNull(refused.RetryAfter);
        Assert.Empty(bound.Room.ChallengesFor(refused));

        // An outage spends nothing that was not noted.
        (bound.Room.Replays.Down, bound.Room.Replays.Hangs) = (false, false);
        await bound.Room.ReadFeedAsync();
        await bound.AcceptedAsync(proof);
    }

    [Fact]
    [Trait("Rule", "D15")]
    [Trait("Rule", "D25")]
    public async Task Proof_AuthorisesNothing_WithoutACredentialThatHolds()
    {
        await using var bound = await Bound.CreateAsync();
        Assert.Equal("no_credential", Assert.IsType<Refused>(await bound.Room.AuthenticateAsync(("DPoP", bound.Proof()))).Reason);
        var stranger = Keys.Unknown();
        var proof = bound.Smith.Make(bound.Room.Time, stranger);
        Assert.Equal("unknown_key", Assert.IsType<Refused>(await bound.Room.AuthenticateAsync(("Authorization", "DPoP " + stranger), ("DPoP", proof))).Reason);
        var wrong = Keys.WithOtherSecret(bound.Key);
        proof = bound.Smith.Make(bound.Room.Time, wrong);
        Assert.Equal("wrong_key", Assert.IsType<Refused>(await bound.Room.AuthenticateAsync(("Authorization", "DPoP " + wrong), ("DPoP", proof))).Reason);
        Assert.Equal("malformed_key", Assert.IsType<Refused>(await bound.Room.AuthenticateAsync(("api-key", proof))).Reason);
        Assert.Equal(0, bound.Room.Replays.Asked);
    }

    [Fact]
    [Trait("Rule", "D16")]
    public async Task Key_IsRefused_InTheOtherScheme()
    {
        await using var bound = await Bound.CreateAsync();
        foreach (var (name, value) in new[] { ("Authorization", "Bearer " + bound.Credential), ("api-key", bound.Credential), ("x-api-key", bound.Credential) })
        {
            Assert.Equal("bound_as_bearer", Assert.IsType<Refused>(await bound.Room.AuthenticateAsync((name, value))).Reason);
        }

        var unbound = (await bound.Room.CreateAsync()).Key.Reveal();
        var proof = bound.Smith.Make(bound.Room.Time, unbound);
        var refused = Assert.IsType<Refused>(await bound.Room.AuthenticateAsync(("Authorization", "DPoP " + unbound), ("DPoP", proof)));
        Assert.Equal((401, "invalid_token", "unbound_as_dpop"), (refused.Status, refused.Code, refused.Reason));
    }

    [Fact]
    [Trait("Rule", "D17")]
    public async Task Proof_IsMissed_WhenTheSchemeIsDPoP()
    {
        await using var bound = await Bound.CreateAsync();
        Assert.Equal("proof_missing", (await bound.RefusedAsync()).Reason);
        Assert.Equal("proof_missing", (await bound.RefusedAsync("")).Reason);
        Assert.Equal("proof_as_bearer", Assert.IsType<Refused>(await bound.Room.AuthenticateAsync(("Authorization", "Bearer " + bound.Credential), ("DPoP", bound.Proof()))).Reason);
    }

    private static string Payload(string proof) =>
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(proof.Split('.')[1]));
}
