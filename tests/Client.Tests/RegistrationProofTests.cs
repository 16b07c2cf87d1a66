using Microsoft.Extensions.Time.Testing;

namespace Proofgate.Client.Tests;

[Trait("Rule", "K4")]
public sealed class RegistrationProofTests
{
    [Fact]
    public void Proof_IsForOneRequest_AndForNoCredential()
    {
        using var pair = DpopKeyPair.Create();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var uri = new Uri("https://gateway.example.com/manage/keys?x=1");
        var proof = Proof.Verify(pair.Prove(HttpMethod.Post, uri, null, time));
        Assert.Equal(("POST", "https://gateway.example.com/manage/keys", "1767323045"), (proof["htm"], proof["htu"], proof["iat"]));
        Assert.Equal(pair.Thumbprint, proof.Thumbprint());
        Assert.Null(proof["ath"]);
        Assert.Null(proof["nonce"]);
        Assert.NotEqual(proof["jti"], Proof.Verify(pair.Prove(HttpMethod.Post, uri, null, time))["jti"]);
        Assert.Equal("n-1", Proof.Verify(pair.Prove(HttpMethod.Post, uri, "n-1", time))["nonce"]);
    }
}
