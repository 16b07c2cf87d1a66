using System.Net;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Proofs;

public sealed class KeyRegistrationTests
{
    private const string Path = "/manage/keys/Ab3dE6gH/binding";

    [Theory]
    [Trait("Rule", "K4")]
    [InlineData("ES256")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    public async Task KeyPair_IsProved_ByAProofForTheVeryRequest(string algorithm)
    {
        await using var room = new Room(settings: [("Proofgate:PublicOrigins:0", Room.Origin)]);
        using var smith = ProofSmith.Create(algorithm);
        var proved = Assert.IsType<KeyRegistrationResult.Proved>(await ProveAsync(room, Proof(room, smith)));
        Assert.Equal(smith.Thumbprint, proved.Thumbprint);
    }

    [Fact]
    [Trait("Rule", "K4")]
    [Trait("Rule", "D14")]
    public async Task Proof_IsSpent_ByRegistering()
    {
        await using var room = new Room(settings: [("Proofgate:PublicOrigins:0", Room.Origin)]);
        using var smith = ProofSmith.Create();
        var proof = Proof(room, smith);
        Assert.IsType<KeyRegistrationResult.Proved>(await ProveAsync(room, proof));
        var refused = Assert.IsType<KeyRegistrationResult.Refused>(await ProveAsync(room, proof));
        Assert.Contains("used before", refused.Description, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "K4")]
    public async Task Registration_IsRefused_WithoutProofOfPossession()
    {
        await using var room = new Room(settings: [("Proofgate:PublicOrigins:0", Room.Origin)]);
        using var smith = ProofSmith.Create();
        using var thief = ProofSmith.Create();
        foreach (var proof in new[]
        {
            "",
            "a.b.c",
            thief.Make(room.Time, null, (header, claims) => (header["jwk"], claims["htu"]) = (smith.Jwk, Room.Origin + Path)),
            smith.Make(room.Time),
            smith.Make(room.Time, null, static (_, claims) => (claims["htu"], claims["htm"]) = (Room.Origin + Path, "GET")),
            smith.Make(room.Time, null, static (_, claims) => (claims["htu"], claims["iat"]) = (Room.Origin + Path, 1)),
        })
        {
            Assert.IsType<KeyRegistrationResult.Refused>(await ProveAsync(room, proof));
        }

        Assert.Equal(0, room.Replays.Asked);
    }

    [Fact]
    [Trait("Rule", "K4")]
    public async Task Registration_GivesTheNonce_ThatItNeeds()
    {
        await using var room = new Room(settings:
            [("Proofgate:PublicOrigins:0", Room.Origin), ("Proofgate:Dpop:NoncePolicy", "required"), (ProofOptions.NonceSecretKey, Room.Pepper(1))]);
        using var smith = ProofSmith.Create();
        var refused = Assert.IsType<KeyRegistrationResult.Refused>(await ProveAsync(room, Proof(room, smith)));
        var proof = smith.Make(room.Time, null, (_, claims) => (claims["htu"], claims["nonce"]) = (Room.Origin + Path, refused.Nonce));
        Assert.IsType<KeyRegistrationResult.Proved>(await ProveAsync(room, proof));
    }

    [Fact]
    [Trait("Rule", "K4")]
    [Trait("Rule", "D15")]
    public async Task Registration_IsUnavailable_WhenAReplayCannotBeTold()
    {
        await using var room = new Room(settings: [("Proofgate:PublicOrigins:0", Room.Origin)]);
        room.Replays.Down = true;
        using var smith = ProofSmith.Create();
        Assert.IsType<KeyRegistrationResult.Unavailable>(await ProveAsync(room, Proof(room, smith)));
    }

    [Fact]
    [Trait("Rule", "K4")]
    public async Task Registration_IsRefused_WhereNoProofIsTaken()
    {
        await using var room = new Room();
        using var smith = ProofSmith.Create();
        Assert.IsType<KeyRegistrationResult.Refused>(await ProveAsync(room, Proof(room, smith)));
    }

    private static string Proof(Room room, ProofSmith smith) => smith.Make(room.Time, null, static (_, claims) => claims["htu"] = Room.Origin + Path);

    private static ValueTask<KeyRegistrationResult> ProveAsync(Room room, string proof) =>
        room.Get<KeyRegistration>().ProveAsync(proof, "POST", Path, IPAddress.Loopback, CancellationToken.None);
}
