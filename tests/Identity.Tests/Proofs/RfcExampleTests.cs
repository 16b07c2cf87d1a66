using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.Credentials;
using Proofgate.Identity.Proofs;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Proofs;

/// <summary>The proofs that RFC 9449 prints, at the time and for the server that they are for.</summary>
[Trait("Rule", "D26")]
public sealed class RfcExampleTests
{
    private const string Header =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

    /// <summary>Section 4.1, and again in section 5.</summary>
    private const string TokenRequest = Header
        + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"
        + ".2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    /// <summary>Section 5, the refresh.</summary>
    private const string RefreshRequest = Header
        + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ"
        + ".pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA";

    /// <summary>Section 7.1.</summary>
    private const string ResourceRequest = Header
        + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"
        + ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string AccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    /// <summary>Section 6.1.</summary>
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    [Theory]
    [InlineData(TokenRequest, 1562262616)]
    [InlineData(RefreshRequest, 1562265296)]
    public async Task TokenRequest_Verifies(string proof, long issued)
    {
        await using var room = Room(issued, "https://server.example.com");
        var proved = await room.Get<KeyRegistration>().ProveAsync(proof, "POST", "/token", IPAddress.Loopback, CancellationToken.None);
        Assert.Equal(Thumbprint, Assert.IsType<KeyRegistrationResult.Proved>(proved).Thumbprint);
    }

    [Fact]
    public async Task ResourceRequest_Verifies_WithItsAccessToken()
    {
        await using var room = Room(1562262618, "https://resource.example.org");
        Assert.IsType<ProofVerdict.Holds>(await VerifyAsync(room, AccessToken));
        Assert.IsType<ProofVerdict.Fails>(await VerifyAsync(room, AccessToken));
    }

    [Fact]
    public async Task ResourceRequest_IsRefused_WithAnotherAccessToken()
    {
        await using var room = Room(1562262618, "https://resource.example.org");
        var fails = Assert.IsType<ProofVerdict.Fails>(await VerifyAsync(room, AccessToken + "x"));
        Assert.Equal("proof_ath", fails.Refusal.Reason);
    }

    private static Room Room(long now, string origin) =>
        new(new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(now)), settings: ("Proofgate:PublicOrigins:0", origin));

    private static ValueTask<ProofVerdict> VerifyAsync(Room room, string token)
    {
        var request = new PresentedRequest("GET", "/protectedresource", new HeaderDictionary { ["DPoP"] = ResourceRequest }, IPAddress.Loopback);
        return room.Get<ProofVerifier>().VerifyAsync(
            new Credential(CredentialCarrier.DPoP, token.AsMemory(), request, IPAddress.Loopback), Thumbprint, CancellationToken.None);
    }
}
