using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Tests;

[Trait("Rule", "D9")]
public sealed class PublicOriginsTests
{
    [Theory]
    [InlineData("https://Gateway.Example.com", "https://gateway.example.com")]
    [InlineData("https://gateway.example.com/", "https://gateway.example.com")]
    [InlineData("https://gateway.example.com:443", "https://gateway.example.com")]
    [InlineData("https://gateway.example.com:8443", "https://gateway.example.com:8443")]
    [InlineData("http://localhost:7071", "http://localhost:7071")]
    [InlineData("http://[::1]:7071", "http://[::1]:7071")]
    [InlineData("https://xn--bcher-kva.example", "https://xn--bcher-kva.example")]
    public void Origin_HasTheFormThatProofsAreComparedWith(string text, string origin)
    {
        var options = new PublicOriginsOptions { PublicOrigins = { text } };
        Assert.Empty(options.Problems());
        Assert.Equal([origin], new PublicOrigins(Options.Create(options)).All);
    }

    [Theory]
    [InlineData("gateway.example.com")]
    [InlineData("http://gateway.example.com")]
    [InlineData("https://gateway.example.com/v1")]
    [InlineData("https://gateway.example.com?")]
    [InlineData("https://user@gateway.example.com")]
    [InlineData("https://bücher.example")]
    [InlineData("http://[fe80::1%25eth0]")]
    [InlineData("")]
    public void Start_IsRefused_ForAnOriginThatNoProofCouldName(string text) =>
        Assert.StartsWith("Proofgate:PublicOrigins:0 must be an origin", Assert.Single(new PublicOriginsOptions { PublicOrigins = { text } }.Problems()), StringComparison.Ordinal);
}
