using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>D22: pages of listed origins, and no others.</summary>
[Trait("Rule", "D22")]
public sealed class CorsTests
{
    private const string Page = "https://app.example.com";

    private static readonly (string, string?) Listed = ("Proofgate:Cors:Origins:0", Page);

    [Fact]
    public async Task Preflight_OfAListedOrigin_IsAnsweredWithoutACredential()
    {
        await using var gateway = await TestGateway.StartAsync(Listed);
        var answer = await gateway.SendAsync(Preflight(Page, "authorization, dpop, x-stainless-lang"));
        Assert.Equal(204, answer.Status);
        Assert.Equal(Page, answer["Access-Control-Allow-Origin"]);
        Assert.Equal("POST", answer["Access-Control-Allow-Methods"]);
        Assert.Equal("authorization, dpop, x-stainless-lang", answer["Access-Control-Allow-Headers"]);
        Assert.Equal("Origin", answer["Vary"]);
        Assert.Null(answer["Access-Control-Allow-Credentials"]);
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("http://app.example.com")]
    [InlineData("https://APP.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("null")]
    [InlineData("*")]
    public async Task AnotherOrigin_IsToldNothing(string origin)
    {
        await using var gateway = await TestGateway.StartAsync(Listed);
        var preflight = await gateway.SendAsync(Preflight(origin, "authorization"));
        Assert.Equal(405, preflight.Status);
        Assert.DoesNotContain(preflight.Headers.Keys, static h => h.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));

        var request = TestGateway.Post("/v1/chat/completions", Samples.Chat);
        request.Headers.Add("Origin", origin);
        var answer = await gateway.SendAsync(request, await gateway.DeveloperAsync());
        Assert.DoesNotContain(answer.Headers.Keys, static h => h.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ListedOrigin_MayReadChallengeAndNonce_AlsoOfARefusal()
    {
        await using var gateway = await TestGateway.StartAsync(Listed);
        var request = TestGateway.Post("/v1/chat/completions", Samples.Chat);
        request.Headers.Add("Origin", Page);
        var answer = await gateway.SendAsync(request);
        Assert.Equal(401, answer.Status);
        Assert.Equal(Page, answer["Access-Control-Allow-Origin"]);
        Assert.Contains("WWW-Authenticate", answer["Access-Control-Expose-Headers"], StringComparison.Ordinal);
        Assert.Contains("DPoP-Nonce", answer["Access-Control-Expose-Headers"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preflight_IsNoRoute_WhereNoOriginIsListed()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(405, (await gateway.SendAsync(Preflight(Page, "authorization"))).Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("http://app.example.com")]
    [InlineData("https://App.example.com")]
    [InlineData("null")]
    public void Origin_IsAnErrorAtStart_WhenNoBrowserWritesItSo(string origin)
    {
        var options = new CorsOptions();
        options.Origins.Add(origin);
        Assert.Contains("Proofgate:Cors:Origins:0", Assert.Single(options.Problems()), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Preflight(string origin, string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/chat/completions");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return request;
    }
}
