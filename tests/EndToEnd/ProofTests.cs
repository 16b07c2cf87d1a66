using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using Proofgate.Client;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.EndToEnd;

/// <summary>Invariant 5: a leaked key alone is useless where it is bound to a key pair.</summary>
public sealed class ProofTests(Fixture fixture, ITestOutputHelper output) : IClassFixture<Fixture>
{
    private const string PublicName = "https://gateway.example.com";

    private Gateway Gateway => fixture.Gateway;

    [Fact]
    [Trait("Rule", "K4")]
    [Trait("Rule", "D16")]
    public async Task BoundKey_IsUselessAlone_AndWorksWithItsKeyPairUnderTheOpenAiClient()
    {
        using var folder = new TemporaryFolder();
        var (key, pem) = await CreateBoundAsync(Gateway, folder.Path);
        using var alone = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask("x"), key));
        Assert.Equal(401, (int)alone.StatusCode);
        Assert.Contains(alone.Headers.WwwAuthenticate, static c => c.Scheme == "DPoP" && c.Parameter!.Contains("algs", StringComparison.Ordinal));

        await ScriptAsync();
        using var pair = DpopKeyPair.Load(pem);
        using var http = new HttpClient(Handler(Gateway, key, pair));
        var client = new ChatClient(
            "assistant", new ApiKeyCredential("not used"), new OpenAIClientOptions { Endpoint = Gateway.V1, Transport = new HttpClientPipelineTransport(http) });
        var heard = string.Empty;
        await foreach (var update in client.CompleteChatStreamingAsync("x"))
        {
            heard += string.Concat(update.ContentUpdate.Select(static p => p.Text));
        }

        Assert.Equal("one two", heard);

        // What travelled is worth nothing a second time.
        var (authorization, proof) = await CaptureAsync(key, pair, new Uri(Gateway.Address, "/v1/models"));
        Assert.Equal(200, await SendAsync(Gateway, authorization, proof));
        Assert.Equal(401, await SendAsync(Gateway, authorization, proof));
    }

    [Theory]
    [Trait("Rule", "K4")]
    [InlineData("off")]
    [InlineData("required")]
    public async Task Examples_OfOtherLanguages_WorkAsTheyArePrinted(string nonces)
    {
        await using var gateway = await Gateway.StartBesideAsync(
            Gateway, $"nonces-{nonces}", fixture.Spy.Address, ("Proofgate__Dpop__NoncePolicy", nonces));
        using var folder = new TemporaryFolder();
        var (key, pem) = await CreateBoundAsync(Gateway, folder.Path);
        foreach (var language in Example.All)
        {
            if (await language.UnavailableAsync() is { } reason)
            {
                output.WriteLine($"{language.File} was not run: {reason}");
                continue;
            }

            await ScriptAsync();
            var (code, said, errors) = await language.RunAsync(gateway.V1.ToString(), key, pem, "x");
            Assert.True(code == 0, $"{language.File}: {errors}");
            Assert.Equal("one two", said);
            output.WriteLine($"{language.File}: {said}");
        }
    }

    [Fact]
    [Trait("Rule", "D18")]
    [Trait("Rule", "D20")]
    [Trait("Rule", "D21")]
    public async Task DemandedNonce_ComesOnce_InAnAnswerThatNobodyKeeps()
    {
        await using var gateway = await Gateway.StartBesideAsync(
            Gateway, "nonces", fixture.Spy.Address, ("Proofgate__Dpop__NoncePolicy", "required"));
        using var folder = new TemporaryFolder();
        var (key, pem) = await CreateBoundAsync(gateway, folder.Path);
        using var pair = DpopKeyPair.Load(pem);
        var (authorization, proof) = await CaptureAsync(key, pair, new Uri(gateway.Address, "/v1/models"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/v1/models"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var answer = await Http.Client.SendAsync(request);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Contains("error=\"use_dpop_nonce\"", answer.Headers.WwwAuthenticate.First(static c => c.Scheme == "DPoP").Parameter, StringComparison.Ordinal);
        Assert.Single(answer.Headers.GetValues("DPoP-Nonce"));
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    [Trait("Rule", "D14")]
    [Trait("Category", "Heavy")]
    public async Task OneProof_SucceedsOnce_ThoughSentSixtyFourTimesToFourInstances()
    {
        (string, string) name = ("Proofgate__PublicOrigins__2", PublicName);
        await using var first = await Gateway.StartAsync(fixture.Spy.Address, settings: [name, .. Unlimited]);
        await using var second = await Gateway.StartBesideAsync(first, "second", fixture.Spy.Address, [name, .. Unlimited]);
        await using var third = await Gateway.StartBesideAsync(first, "third", fixture.Spy.Address, [name, .. Unlimited]);
        await using var fourth = await Gateway.StartBesideAsync(first, "fourth", fixture.Spy.Address, [name, .. Unlimited]);
        Gateway[] instances = [first, second, third, fourth];
        using var folder = new TemporaryFolder();
        var (key, pem) = await CreateBoundAsync(first, folder.Path);
        using var pair = DpopKeyPair.Load(pem);

        var rounds = Counts.Of(1000, output);
        for (var round = 0; round < rounds; round++)
        {
            var (authorization, proof) = await CaptureAsync(key, pair, new Uri(PublicName + "/v1/models"));
            var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => SendAsync(instances[i % 4], authorization, proof)));
            Assert.Equal(1, answers.Count(static s => s == 200));
            Assert.Equal(63, answers.Count(static s => s == 401));
        }

        output.WriteLine($"{rounds} rounds of 64 sends to 4 gateways: one success each.");
    }

    private static (string, string)[] Unlimited =>
        [("Proofgate__Admission__RequestsPerMinute", "1000000"), ("Proofgate__Identity__LookupsPerMinute", "1000000")];

    private async Task ScriptAsync()
    {
        await fixture.Spy.HeadAsync(200, "text/event-stream");
        await fixture.Spy.ScriptAsync(SpyUpstream.Chunk("one "), SpyUpstream.Chunk("two"), SpyUpstream.Stop(), SpyUpstream.Done());
    }

    private static async Task<(string Key, string Pem)> CreateBoundAsync(Gateway gateway, string folder)
    {
        var pem = Path.Combine(folder, "key.pem");
        var created = await gateway.ProofgateAsync(
            "keys", "create", "--name", "bound", "--owner", "bound-app", "--role", "developer", "--bind", pem, "--json");
        Assert.True(created.ExitCode == 0, created.Error);
        return ((string)JsonNode.Parse(created.Output)!["key"]!, pem);
    }

    private static ProofgateHandler Handler(Gateway gateway, string key, DpopKeyPair pair) => new(
        new ProofgateClientOptions { Gateway = gateway.Address, Credential = key, KeyPair = pair })
    { InnerHandler = new SocketsHttpHandler { UseProxy = false } };

    /// <summary>The two headers as a thief sees them on the way.</summary>
    private static async Task<(string Authorization, string Proof)> CaptureAsync(string key, DpopKeyPair pair, Uri target)
    {
        var wire = new Wire();
        using var http = new HttpClient(new ProofgateHandler(
            new ProofgateClientOptions { Gateway = target, Credential = key, KeyPair = pair })
        { InnerHandler = wire });
        using var answer = await http.GetAsync(target);
        return (wire.Seen!.Headers.Authorization!.ToString(), wire.Seen.Headers.GetValues("DPoP").Single());
    }

    private static async Task<int> SendAsync(Gateway gateway, string authorization, string proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/v1/models"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var answer = await Http.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private sealed class Wire : HttpMessageHandler
    {
        internal HttpRequestMessage? Seen { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen = request;
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK));
        }
    }
}
