using Proofgate.Identity.Credentials;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests;

public sealed class ChallengesTests
{
    private const string Bearer = "Bearer realm=\"proofgate\"";
    private const string DPoP = "DPoP realm=\"proofgate\", algs=\"ES256 ES384 ES512 PS256\"";
    private const string Metadata = ", resource_metadata=\"https://gateway.example.com/.well-known/oauth-protected-resource\"";

    [Fact]
    [Trait("Rule", "D19")]
    [Trait("Rule", "H3")]
    [Trait("Rule", "P4")]
    public async Task Challenges_OfferBothSchemesWithoutError_WithoutCredential()
    {
        await using var room = new Room(settings: ("Proofgate:PublicOrigins:0", Room.Origin));
        Assert.Equal([Bearer + Metadata, DPoP + Metadata], room.ChallengesFor(Refusals.NoCredential));
    }

    [Fact]
    [Trait("Rule", "D18")]
    public async Task Challenges_NameTheErrorAndTheAlgorithms_OfTheSchemeThatWasUsed()
    {
        await using var room = new Room(settings: ("Proofgate:PublicOrigins:0", Room.Origin));
        Assert.Equal(
            [DPoP + Metadata + ", error=\"invalid_dpop_proof\", error_description=\"The typ of the proof must be dpop+jwt.\"", Bearer + Metadata],
            room.ChallengesFor(Refusals.ProofType));
        Assert.Equal(
            [DPoP + Metadata + $", error=\"invalid_token\", error_description=\"{Refusals.UnboundWithProof.Description}\"", Bearer + Metadata],
            room.ChallengesFor(Refusals.UnboundWithProof));
        Assert.Equal(
            [Bearer + Metadata + $", error=\"invalid_token\", error_description=\"{Refusals.BoundCredential.Description}\"", DPoP + Metadata],
            room.ChallengesFor(Refusals.BoundCredential));
    }

    [Fact]
    [Trait("Rule", "D18")]
    public async Task Challenges_OfferNoDPoP_WhereNoProofIsTaken()
    {
        await using var room = new Room();
        Assert.Equal([Bearer], room.ChallengesFor(Refusals.NoCredential));
        Assert.Equal([Bearer], [.. room.ChallengesFor(Refusals.ProofNotAccepted).Select(static c => c.Split(", error")[0])]);
    }
}
