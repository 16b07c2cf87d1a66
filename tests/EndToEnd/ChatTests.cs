using System.ClientModel;
using System.Text;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;

namespace Proofgate.EndToEnd;

/// <summary>The main path with the real OpenAI clients, before an upstream in another process.</summary>
public sealed class ChatTests(Fixture fixture) : IClassFixture<Fixture>
{
    private Gateway Gateway => fixture.Gateway;

    private SpyUpstream Spy => fixture.Spy;

    [Fact]
    public async Task NpmClient_SeesEachChunkBeforeTheUpstreamHasFinished()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        await Spy.ScriptAsync(
            SpyUpstream.Chunk("one "), SpyUpstream.Hold("a"), SpyUpstream.Chunk("two "), SpyUpstream.Hold("b"), SpyUpstream.Chunk("three "),
            SpyUpstream.Hold("c"), SpyUpstream.Stop(), SpyUpstream.Usage(), SpyUpstream.Done());
        await using var client = await OpenAiPeer.StartAsync(Gateway, "stream", "count");

        // Each is released only after the client has shown the one before.
        await client.WaitForLineAsync("\"delta\":\"one ");
        Assert.Equal(1, Assert.Single(await Spy.RequestsAsync()).Sent);
        await Spy.ReleaseAsync("a");
        await client.WaitForLineAsync("two ");
        await Spy.ReleaseAsync("b");
        await client.WaitForLineAsync("three ");
        await Spy.ReleaseAsync("c");
        await client.WaitForLineAsync("\"done\":true");

        Assert.Equal(0, await client.WaitForExitAsync());
        Assert.Contains(client.Output, static l => l.Contains("\"total_tokens\":12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NuGetClient_StreamsAndAnswersPlainly()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        await Spy.ScriptAsync(
            SpyUpstream.Chunk("Hello "), SpyUpstream.Hold("a"), SpyUpstream.Chunk("world."), SpyUpstream.Stop(), SpyUpstream.Done());
        var text = new StringBuilder();
        await foreach (var update in Client().CompleteChatStreamingAsync("hi"))
        {
            foreach (var part in update.ContentUpdate)
            {
                text.Append(part.Text);
                await Spy.ReleaseAsync("a");
            }
        }

        Assert.Equal("Hello world.", text.ToString());

        await Spy.HeadAsync(200, "application/json");
        await Spy.ScriptAsync(SpyUpstream.Send(
            """{"id":"x","object":"chat.completion","created":1,"model":"spy","choices":[{"index":0,"message":{"role":"assistant","content":"Plain."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"""));
        ChatCompletion plain = await Client().CompleteChatAsync("hi");
        Assert.Equal("Plain.", plain.Content[0].Text);
        Assert.Equal(5, plain.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Upstream_GetsTheExactBytesAndNoneOfTheCallersCredentials()
    {
        await Spy.HeadAsync(200, "application/json");
        await Spy.ScriptAsync(SpyUpstream.Send("""{"id":"x","object":"chat.completion","created":1,"model":"spy","choices":[]}"""));
        const string sent = """{"model":"assistant","messages":[{"role":"user","content":"caf\u00e9 \"é\""}],"temperature":0.70,"seed":123456789012345678901234567890,"x_unknown":{"b":[1,2.50,null]},"store":true}""";
        using var request = Http.Chat(Gateway, sent);
        request.Headers.Add("Cookie", "session=secret-cookie");
        request.Headers.Add("X-Forwarded-For", "203.0.113.77");
        request.Headers.Add("OpenAI-Organization", "org-of-the-caller");
        using var response = await Http.Client.SendAsync(request);

        var seen = Assert.Single(await Spy.RequestsAsync());
        Assert.Equal(
            """{"model":"proofgate-sample","messages":[{"role":"user","content":"caf\u00e9 \"é\""}],"temperature":0.70,"seed":123456789012345678901234567890,"x_unknown":{"b":[1,2.50,null]},"store":false}""",
            Encoding.UTF8.GetString(seen.Body));
        Assert.Equal("/v1/chat/completions", seen.Path);
        Assert.DoesNotContain(Gateway.SampleKey, seen.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("pgk_", seen.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-cookie", seen.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.77", seen.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("org-of-the-caller", seen.Everything, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task StreamedAnswer_IsMasked_HoweverTheValueIsCut()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        const string answer = "Write to ada.lovelace@example.org or pay with 4111 1111 1111 1111 today.";
        await Spy.ScriptAsync([.. answer.Select(static c => SpyUpstream.Chunk(c.ToString())), SpyUpstream.Stop(), SpyUpstream.Done()]);
        using var response = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask("who", stream: true)));
        var raw = await response.Content.ReadAsStringAsync();
        var text = string.Concat(raw.Split("\n\n")
            .Where(static f => f.StartsWith("data: {", StringComparison.Ordinal))
            .Select(static f => (string?)JsonNode.Parse(f["data: ".Length..])!["choices"]?.AsArray().FirstOrDefault()?["delta"]?["content"]));

        Assert.Equal("Write to [EMAIL_ADDRESS] or pay with [PAYMENT_CARD] today.", text);
        Assert.EndsWith("data: [DONE]\n\n", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NpmClient_ListsTheModelsOfThisCallerOnly()
    {
        var said = Assert.Single(await OpenAiPeer.RunAsync(Gateway, "models", string.Empty));
        Assert.Equal("""["assistant","embeddings"]""", said["models"]!.ToJsonString());
    }

    private ChatClient Client() =>
        new("assistant", new ApiKeyCredential(Gateway.SampleKey), new OpenAIClientOptions { Endpoint = Gateway.V1, RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });
}
