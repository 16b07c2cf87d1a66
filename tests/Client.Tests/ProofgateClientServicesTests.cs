using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace Proofgate.Client.Tests;

public sealed class ProofgateClientServicesTests
{
    private const string Key = "pgk_test_00000000_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz0f1dj9";

    [Fact]
    public async Task AddProofgate_ServesEachClient_WithItsOwnCredential()
    {
        await using var gateway = await Gateway.StartAsync();
        using var pair = DpopKeyPair.Create();
        var services = new ServiceCollection();
        services.AddHttpClient("bound").AddProofgate(o => (o.Gateway, o.Credential, o.KeyPair) = (gateway.Address, Key, pair));
        services.AddHttpClient("plain").AddProofgate(o => (o.Gateway, o.Credential) = (gateway.Address, "other"));
        await using var provider = services.BuildServiceProvider();
        await AskAsync(provider, "bound", gateway);
        await AskAsync(provider, "plain", gateway);
        Assert.Equal(["DPoP " + Key, "Bearer other"], gateway.Requests.Select(r => r["Authorization"].Single()));
    }

    [Fact]
    public async Task AddProofgate_KeepsTheNonce_WhenHandlersAreMadeAnew()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Nonce = "nonce";
        using var pair = DpopKeyPair.Create();
        var services = new ServiceCollection();
        services.AddHttpClient("bound").AddProofgate(o => (o.Gateway, o.Credential, o.KeyPair) = (gateway.Address, Key, pair));
        for (var i = 0; i < 2; i++)
        {
            // A provider of its own is the way to a new handler that needs no waiting.
            await using var provider = services.BuildServiceProvider();
            await AskAsync(provider, "bound", gateway);
        }

        Assert.Equal([null, "nonce", "nonce"], gateway.Requests.Select(r => r.Proof()["nonce"]));
    }

    [Fact]
    public void AddProofgate_NamesTheClient_WhoseOptionsAreWrong()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("good").AddProofgate(o => (o.Gateway, o.Credential) = (new Uri("https://gateway.example.com"), Key));
        services.AddHttpClient("bad").AddProofgate(o => o.Credential = Key);
        using var provider = services.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.StartsWith("HTTP client 'bad': Gateway must", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_WorksUnderTheOpenAiClient_WithNonceAndInBothWays(bool awaited)
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Nonce = "nonce";
        gateway.Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hello"}}]}""";
        using var pair = DpopKeyPair.Create();
        using var http = gateway.Client(new() { Gateway = gateway.Address, Credential = Key, KeyPair = pair });
        var chat = new ChatClient("m", new ApiKeyCredential("unused"), new OpenAIClientOptions
        {
            Endpoint = new Uri(gateway.Address, "v1"),
            Transport = new HttpClientPipelineTransport(http),
        });
        var answer = awaited ? (await chat.CompleteChatAsync("hi")).Value : await Task.Run(() => chat.CompleteChat("hi").Value);
        Assert.Equal("hello", answer.Content[0].Text);
        var requests = gateway.Requests.ToArray();
        Assert.Equal(2, requests.Length);
        Assert.Equal("DPoP " + Key, Assert.Single(requests[1]["Authorization"]));
        Assert.Equal($"{gateway.Address}v1/chat/completions", requests[1].Proof()["htu"]);
        Assert.Equal(requests[0].Body, requests[1].Body);
    }

    private static async Task AskAsync(ServiceProvider provider, string client, Gateway gateway)
    {
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        await http.GetStringAsync(gateway.Address);
    }
}
