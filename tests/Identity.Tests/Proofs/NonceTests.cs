using Proofgate.Identity.Proofs;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Proofs;

public sealed class NonceTests
{
    private const string PolicyKey = "Proofgate:Dpop:NoncePolicy";

    private static readonly (string, string) Secret = (ProofOptions.NonceSecretKey, Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));

    [Fact]
    [Trait("Rule", "D10")]
    [Trait("Rule", "D18")]
    [Trait("Rule", "D20")]
    public async Task Proof_NeedsANonce_WhenThePolicyRequiresOne()
    {
        await using var bound = await Bound.CreateAsync("ES256", (PolicyKey, "required"), Secret);
        var refused = await bound.RefusedAsync(bound.Proof());
        Assert.Equal((401, "use_dpop_nonce", "proof_nonce"), (refused.Status, refused.Code, refused.Reason));
        Assert.StartsWith("DPoP realm=\"proofgate\", algs=\"ES256 ES384 ES512 PS256\"", bound.Room.ChallengesFor(refused)[0], StringComparison.Ordinal);
        Assert.Contains("error=\"use_dpop_nonce\"", bound.Room.ChallengesFor(refused)[0], StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z0-9_-]{32}$", refused.Nonce);

        var accepted = await bound.AcceptedAsync(bound.Proof((_, claims) => claims["nonce"] = refused.Nonce));
        Assert.Null(accepted.Nonce);

        refused = await bound.RefusedAsync(bound.Proof((_, claims) => claims["nonce"] = refused.Nonce![..^1] + (refused.Nonce[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal("use_dpop_nonce", refused.Code);
        Assert.Equal("use_dpop_nonce", (await bound.RefusedAsync(bound.Proof(static (_, claims) => claims["nonce"] = ""))).Code);
    }

    [Fact]
    [Trait("Rule", "D10")]
    public async Task Proof_NeedsARightNonce_WhenItHasOneThoughNoneIsRequired()
    {
        await using var bound = await Bound.CreateAsync("ES256", (PolicyKey, "optional"), Secret);
        var offered = (await bound.AcceptedAsync(bound.Proof())).Nonce;
        Assert.NotNull(offered);
        Assert.Null((await bound.AcceptedAsync(bound.Proof((_, claims) => claims["nonce"] = offered))).Nonce);
        Assert.Equal("use_dpop_nonce", (await bound.RefusedAsync(bound.Proof(static (_, claims) => claims["nonce"] = "wrong"))).Code);
    }

    [Fact]
    [Trait("Rule", "D10")]
    public async Task Nonce_IsNeitherGivenNorLookedAt_WhenThePolicyIsOff()
    {
        await using var bound = await Bound.CreateAsync();
        Assert.Null((await bound.AcceptedAsync(bound.Proof(static (_, claims) => claims["nonce"] = "whatever"))).Nonce);
    }

    [Fact]
    [Trait("Rule", "D20")]
    public async Task Nonce_IsTakenForFourStepsMore_AndRefreshedMeanwhile()
    {
        await using var bound = await Bound.CreateAsync("ES256", (PolicyKey, "required"), Secret);
        var nonce = (await bound.RefusedAsync(bound.Proof())).Nonce;
        for (var step = 1; step <= 4; step++)
        {
            bound.Room.Time.Advance(ProofNonces.Step);
            await bound.Room.ReadFeedAsync();
            var fresh = (await bound.AcceptedAsync(bound.Proof((_, claims) => claims["nonce"] = nonce))).Nonce;
            Assert.NotNull(fresh);
            Assert.NotEqual(nonce, fresh);
        }

        bound.Room.Time.Advance(ProofNonces.Step);
        await bound.Room.ReadFeedAsync();
        Assert.Equal("use_dpop_nonce", (await bound.RefusedAsync(bound.Proof((_, claims) => claims["nonce"] = nonce))).Code);
    }

    [Fact]
    [Trait("Rule", "D20")]
    public async Task Nonce_OfAnotherInstance_IsTaken_AlsoWhenItsClockIsAhead()
    {
        await using var here = new Room(settings: [(PolicyKey, "required"), ("Proofgate:PublicOrigins:0", Room.Origin), Secret]);
        await using var ahead = new Room(settings: [(PolicyKey, "required"), ("Proofgate:PublicOrigins:0", Room.Origin), Secret]);
        Assert.Equal(here.Get<ProofNonces>().Current, ahead.Get<ProofNonces>().Current);

        ahead.Time.Advance(ProofNonces.Step);
        Assert.True(here.Get<ProofNonces>().Accepts(ahead.Get<ProofNonces>().Current, out var isOld));
        Assert.False(isOld);
        ahead.Time.Advance(ProofNonces.Step);
        Assert.False(here.Get<ProofNonces>().Accepts(ahead.Get<ProofNonces>().Current, out _));
    }

    [Fact]
    [Trait("Rule", "D20")]
    public async Task Nonce_OfAnotherSecret_IsRefused()
    {
        await using var here = new Room(settings: [(PolicyKey, "required"), ("Proofgate:PublicOrigins:0", Room.Origin), Secret]);
        await using var other = new Room(settings:
            [(PolicyKey, "required"), ("Proofgate:PublicOrigins:0", Room.Origin), (ProofOptions.NonceSecretKey, Convert.ToBase64String(new byte[32]))]);
        Assert.False(here.Get<ProofNonces>().Accepts(other.Get<ProofNonces>().Current, out _));
    }

    [Fact]
    [Trait("Rule", "D14")]
    public async Task Proof_IsNotSpent_WhenItsNonceIsRefused()
    {
        await using var bound = await Bound.CreateAsync("ES256", (PolicyKey, "required"), Secret);
        await bound.RefusedAsync(bound.Proof());
        Assert.Equal(0, bound.Room.Replays.Asked);
        Assert.IsType<Refused>(await bound.SendAsync(bound.Proof()));
    }
}
