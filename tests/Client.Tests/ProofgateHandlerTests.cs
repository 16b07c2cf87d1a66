using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Client.Proofs;

namespace Proofgate.Client.Tests;

public sealed class ProofgateHandlerTests
{
    private const string Key = "pgk_test_00000000_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz0f1dj9";

    [Fact]
    public async Task Send_PresentsOneBearerCredential_InPlaceOfWhatTheRequestHad()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("Authorization", "Bearer placeholder");
        request.Headers.Add("api-key", "placeholder");
        request.Headers.Add("x-api-key", "placeholder");
        request.Headers.Add("DPoP", "placeholder");
        using var response = await client.SendAsync(request);
        var received = Assert.Single(gateway.Requests);
        Assert.Equal("Bearer " + Key, Assert.Single(received["Authorization"]));
        Assert.All(["api-key", "x-api-key", "DPoP"], name => Assert.Empty(received[name]));
    }

    [Fact]
    [Trait("Rule", "D3")]
    [Trait("Rule", "D12")]
    [Trait("Rule", "D13")]
    public async Task Send_AddsAProofThatAServerCanVerify_WithAKeyPair()
    {
        await using var gateway = await Gateway.StartAsync();
        using var pair = DpopKeyPair.Create();
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_900_000_000));
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair }, time);
        using var response = await client.PostAsync("/v1/chat/completions?api-version=1&a=b#c", new StringContent("{}"));
        var received = Assert.Single(gateway.Requests);
        Assert.Equal("DPoP " + Key, Assert.Single(received["Authorization"]));
        var proof = received.Proof();
        Assert.Equal("POST", proof["htm"]);
        Assert.Equal($"http://127.0.0.1:{gateway.Address.Port}/v1/chat/completions", proof["htu"]);
        Assert.Equal("1900000000", proof["iat"]);
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Key))), proof["ath"]);
        Assert.Equal(pair.Thumbprint, proof.Thumbprint());
        Assert.Equal(["ath", "htm", "htu", "iat", "jti"], proof.Claims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Rule", "D14")]
    public async Task Send_MakesAnotherProof_ForEachRequest()
    {
        await using var gateway = await Gateway.StartAsync();
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.GetStringAsync(new Uri($"/v1/models/{i}", UriKind.Relative))));
        var proofs = gateway.Requests.Select(r => (Request: r, Proof: r.Proof())).ToList();
        Assert.Equal(50, proofs.Select(p => p.Proof["jti"]).Distinct().Count());
        Assert.All(proofs, p => Assert.EndsWith(p.Request.Target, p.Proof["htu"], StringComparison.Ordinal));
        Assert.All(proofs, p => Assert.InRange(p.Proof["jti"]!.Length, 22, 64));
    }

    [Theory]
    [Trait("Rule", "D9")]
    [InlineData("https://gateway.example.com/v1/models", "https://gateway.example.com/v1/models")]
    [InlineData("https://gateway.example.com", "https://gateway.example.com/")]
    [InlineData("https://GATEWAY.example.com:443/V1?x=1", "https://gateway.example.com/V1")]
    [InlineData("https://gateway.example.com:8443/a%2Fb?q#f", "https://gateway.example.com:8443/a%2Fb")]
    [InlineData("https://user:secret@gateway.example.com/x", "https://gateway.example.com/x")]
    [InlineData("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC")]
    [InlineData("http://[::1]:7071/v1", "http://[::1]:7071/v1")]
    public void TargetOf_IsTheUriWithoutQueryFragmentAndUser_InEachForm(string uri, string expected) =>
        Assert.Equal(expected, ProofMaker.TargetOf(new Uri(uri)));

    [Theory]
    [Trait("Rule", "D10")]
    [InlineData("DPoP error=\"use_dpop_nonce\"")]
    [InlineData("DPoP realm=\"proofgate\", error=\"use_dpop_nonce\", algs=\"ES256 ES384\"")]
    [InlineData("dpop error=use_dpop_nonce")]
    [InlineData("Bearer realm=\"proofgate\"", "DPoP algs=\"ES256\", error=\"use_dpop_nonce\"")]
    [InlineData("Bearer realm=\"proofgate\", DPoP error=\"use_dpop_nonce\", algs=\"ES256\"")]
    public async Task Send_RepeatsOnceWithTheNonce_WhereTheServerAsksForIt(params string[] challenges)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Nonce = "first-nonce";
        gateway.Challenges = challenges;
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        using var response = await client.PostAsync("/v1/chat/completions", new StringContent("the body"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var requests = gateway.Requests.ToArray();
        Assert.Equal([null, "first-nonce"], requests.Select(r => r.Proof()["nonce"]));
        Assert.Equal(["the body", "the body"], requests.Select(r => r.Body));
        Assert.NotEqual(requests[0].Proof()["jti"], requests[1].Proof()["jti"]);

        using var next = await client.PostAsync("/v1/chat/completions", new StringContent("more"));
        Assert.Equal(3, gateway.Requests.Count);
    }

    [Fact]
    [Trait("Rule", "D20")]
    public async Task Send_UsesTheNonce_ThatASuccessBrought()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.NextNonce = "renewed";
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        await client.GetStringAsync(new Uri("/", UriKind.Relative));
        await client.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.Equal([null, "renewed"], gateway.Requests.Select(r => r.Proof()["nonce"]));
    }

    [Theory]
    [InlineData("DPoP error=\"invalid_dpop_proof\"")]
    [InlineData("DPoP error=\"invalid_token\", error_description=\"not, error=use_dpop_nonce\"")]
    [InlineData("DPoP error_description=\"a \\\" quote, error=use_dpop_nonce\"")]
    [InlineData("Bearer error=\"use_dpop_nonce\"")]
    public async Task Send_ReturnsTheRefusal_WhereItIsAnother(string challenge)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Nonce = "nonce";
        gateway.Challenges = [challenge];
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Send_GivesUpAfterOneRepetition_WhereTheServerIsNeverContent()
    {
        await using var gateway = await Gateway.StartAsync();
        using var pair = DpopKeyPair.Create();
        var answers = new NeverContent();
        using var client = new HttpClient(new ProofgateHandler(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair }) { InnerHandler = answers });
        using var response = await client.GetAsync(gateway.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(2, answers.Count);
    }

    [Fact]
    public async Task Send_RepeatsAStreamedBody_FromItsBuffer()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Nonce = "nonce";
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        using var body = new StreamContent(new OnceStream("streamed once"u8.ToArray()));
        using var response = await client.PostAsync("/", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["streamed once", "streamed once"], gateway.Requests.Select(r => r.Body));
    }

    [Fact]
    public async Task Send_FailsBeforeSending_WhereTheBodyIsLargerThanMayBeKept()
    {
        await using var gateway = await Gateway.StartAsync();
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair, MaxBufferedBody = 10 });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/", new StringContent("eleven char")));
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Send_WorksWithoutAwaiting_NonceIncluded()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Nonce = "nonce";
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sync") { Content = new StringContent("body") };
        using var response = await Task.Run(() => client.Send(request));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([null, "nonce"], gateway.Requests.Select(r => r.Proof()["nonce"]));
    }

    [Fact]
    public async Task Send_ShowsTheCredential_ToNoOtherOrigin()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var other = await Gateway.StartAsync();
        using var pair = DpopKeyPair.Create();
        using var client = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        await client.GetStringAsync(other.Address);
        var received = Assert.Single(other.Requests);
        Assert.Empty(received["Authorization"]);
        Assert.Empty(received["DPoP"]);
    }

    [Fact]
    public async Task Send_AsksTheSource_BeforeEachRequest()
    {
        await using var gateway = await Gateway.StartAsync();
        var asked = 0;
        using var client = gateway.Client(new() { Gateway = gateway.Address, CredentialSource = _ => ValueTask.FromResult($"token{++asked}") });
        await client.GetStringAsync(new Uri("/", UriKind.Relative));
        await client.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(["Bearer token1", "Bearer token2"], gateway.Requests.Select(r => r["Authorization"].Single()));

        using var broken = gateway.Client(new() { Gateway = gateway.Address, CredentialSource = _ => ValueTask.FromResult("line\r\nbreak") });
        await Assert.ThrowsAsync<HttpRequestException>(() => broken.GetStringAsync(new Uri("/", UriKind.Relative)));
    }

    public static TheoryData<ProofgateClientOptions, string> Contradictions() => new()
    {
        { new() { Credential = Key }, "Gateway must" },
        { new() { Gateway = new Uri("/relative", UriKind.Relative), Credential = Key }, "Gateway must" },
        { new() { Gateway = new Uri("http://gateway.example.com"), Credential = Key }, "Gateway must" },
        { new() { Gateway = new Uri("ftp://127.0.0.1"), Credential = Key }, "Gateway must" },
        { new() { Gateway = new Uri("https://gateway.example.com") }, "Exactly one" },
        { new() { Gateway = new Uri("https://gateway.example.com"), Credential = Key, CredentialSource = _ => default }, "Exactly one" },
        { new() { Gateway = new Uri("https://gateway.example.com"), Credential = Key + "\n" }, "Credential has" },
        { new() { Gateway = new Uri("https://gateway.example.com"), Credential = Key, MaxBufferedBody = -1 }, "MaxBufferedBody" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Handler_RefusesOptions_ThatContradictThemselves(ProofgateClientOptions options, string problem)
    {
        var failure = Assert.Throws<ArgumentException>(() => new ProofgateHandler(options).Dispose());
        Assert.StartsWith(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.Message, StringComparison.Ordinal);
    }

    private sealed class NeverContent : HttpMessageHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            answer.Headers.Add("DPoP-Nonce", $"nonce{++Count}");
            answer.Headers.Add("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
            return Task.FromResult(answer);
        }
    }

    private sealed class OnceStream(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;
    }
}
