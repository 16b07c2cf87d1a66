using Proofgate.Http.Tests.Faults;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Routing;

/// <summary>What is ours stays with us and the provider, and what is the caller's does not reach it: on the wire, in every direction.</summary>
public sealed class CredentialTests
{
    private const string ProviderKey = "provider-key-0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("/v1/chat/completions", Samples.Chat)]
    [InlineData("/v1/responses", Samples.Response)]
    [InlineData("/v1/messages", Samples.Message)]
    public async Task NothingOfTheCallers_ReachesTheProvider_ButTheBodyAndTheListedHeaders(string path, string body)
    {
        await using var upstream = new FaultyUpstream { Answer = static _ => Wire.Of(400, "{}") };
        await using var gateway = await StartAsync(upstream);
        var key = await gateway.DeveloperAsync();
        var request = TestGateway.Post(path, body);
        foreach (var name in new[] { "Cookie", "X-Forwarded-Host", "Forwarded", "X-Custom", "OpenAI-Organization", "OpenAI-Beta", "tracestate", "baggage", "Proofgate-Purpose", "Idempotency-Key", "User-Agent" })
        {
            request.Headers.TryAddWithoutValidation(name, "of=the-caller");
        }

        await gateway.SendAsync(request, key);
        var seen = Assert.Single(upstream.Seen);
        Assert.DoesNotContain("the-caller", seen.Head, StringComparison.Ordinal);
        Assert.DoesNotContain(key, seen.Head + seen.Body, StringComparison.Ordinal);
        Assert.Equal(
            path == "/v1/messages"
                ? ["Accept", "Accept-Encoding", "anthropic-version", "Content-Length", "Content-Type", "Host", "x-api-key"]
                : (string[])["Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host"],
            seen.Names);
    }

    [Theory]
    [InlineData(null, null, "2023-06-01", null)]
    [InlineData("2026-10-21", "interleaved-thinking-2025-05-14", "2026-10-21", "interleaved-thinking-2025-05-14")]
    [InlineData("2023-06-01", "interleaved-thinking-2025-05-14, context-1m-2025-08-07", "2023-06-01", "interleaved-thinking-2025-05-14,context-1m-2025-08-07")]
    public async Task AnthropicsHeaders_GoOn_AsOneListAndOneVersion(string? version, string? betas, string versionSent, string? betasSent)
    {
        await using var upstream = new FaultyUpstream { Answer = static _ => Wire.Of(200, ScriptedUpstream.PlainMessage) };
        await using var gateway = await StartAsync(upstream);
        foreach (var path in new[] { "/v1/messages", "/v1/messages/count_tokens" })
        {
            var request = TestGateway.Post(path, Samples.Message);
            if (version is not null)
            {
                request.Headers.Add("anthropic-version", version);
            }

            foreach (var beta in betas?.Split(", ") ?? [])
            {
                request.Headers.TryAddWithoutValidation("anthropic-beta", beta);
            }

            await gateway.SendAsync(request, await gateway.DeveloperAsync());
        }

        Assert.Equal(["/v1/messages", "/v1/messages/count_tokens"], upstream.Seen.Select(static s => s.Path));
        Assert.All(upstream.Seen, s => Assert.Equal((versionSent, betasSent, ProviderKey), (s["anthropic-version"], s["anthropic-beta"], s["x-api-key"])));
    }

    [Fact]
    public async Task UnlistedBetaOrVersion_ReachesNobody()
    {
        await using var upstream = new FaultyUpstream { Answer = static _ => Wire.Of(200, ScriptedUpstream.PlainMessage) };
        await using var gateway = await StartAsync(upstream);
        foreach (var (name, value) in new[] { ("anthropic-version", "2022-01-01"), ("anthropic-beta", "files-api-2025-04-14"), ("anthropic-beta", "pdfs-2024-09-25\tx") })
        {
            var request = TestGateway.Post("/v1/messages", Samples.Message);
            request.Headers.TryAddWithoutValidation(name, value);
            Assert.Equal(400, (await gateway.SendAsync(request, await gateway.DeveloperAsync())).Status);
        }

        Assert.Empty(upstream.Seen);
    }

    /// <summary>A provider, or what stands before it, that repeats what it was sent: headers as headers, and in the body of each sort of answer.</summary>
    [Theory]
    [InlineData(200, false)]
    [InlineData(200, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    public async Task ProvidersKey_NeverComesDown_WhateverEchoesIt(int status, bool stream)
    {
        foreach (var (path, ask, asStream, events, plain) in Dialects)
        {
            await using var upstream = new FaultyUpstream();
            upstream.Answer = r =>
            {
                var credential = r["Authorization"] ?? r["x-api-key"];
                return Wire.Of(
                    status, stream && status == 200 ? events.Replace("Hello.", credential, StringComparison.Ordinal)
                        : status == 200 ? plain.Replace("Hello.", credential, StringComparison.Ordinal)
                        : """{"error":{"message":"Incorrect API key provided: KEY","code":"x"}}""".Replace("KEY", credential, StringComparison.Ordinal),
                    stream && status == 200 ? "text/event-stream" : "application/json", $"Authorization: {credential}", $"x-api-key: {credential}", $"X-Echo: {credential}", "Set-Cookie: session=1", "Server: behind");
            };
            await using var gateway = await StartAsync(upstream, ("Proofgate:Routing:RetryDelay", "00:00:00.01"));
            var answer = await gateway.PostAsync(path, stream ? asStream : ask, await gateway.KeyAsync("developer"));

            Assert.NotEmpty(upstream.Seen);
            Assert.DoesNotContain(ProviderKey, answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.Headers, static h => h.Value.Contains(ProviderKey, StringComparison.Ordinal) || h.Key is "Set-Cookie" or "X-Echo" or "Server");
            Assert.DoesNotContain(gateway.Log.Lines, static l => l.Contains(ProviderKey, StringComparison.Ordinal));
            var outcome = await gateway.Stream.OutcomeAsync();
            Assert.NotEqual("completed", outcome.Result);
            Assert.DoesNotContain(ProviderKey, string.Concat(gateway.Stream.Events), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RotatedKey_IsUsed_WithoutARestart_AndATakenOneIsNot()
    {
        await using var upstream = new FaultyUpstream { Answer = static _ => Wire.Of(200, ScriptedUpstream.PlainMessage) };
        await using var gateway = await StartAsync(upstream, ("Proofgate:Secrets:Upstreams:anthropic", "first-key-of-the-vault"));
        var key = await gateway.DeveloperAsync();
        Assert.Equal(200, (await gateway.PostAsync("/v1/messages", Samples.Message, key)).Status);
        gateway.Set("Proofgate:Secrets:Upstreams:anthropic", "second-key-of-the-vault\n");
        Assert.Equal(200, (await gateway.PostAsync("/v1/messages", Samples.Message, key)).Status);
        gateway.Set("Proofgate:Upstreams:anthropic:Hosts:0", "elsewhere.example");
        var unbound = await gateway.PostAsync("/v1/messages", Samples.Message, key);

        Assert.Equal(["first-key-of-the-vault", "second-key-of-the-vault"], upstream.Seen.Select(static s => s["x-api-key"]));
        Assert.Equal((502, "upstream_unavailable"), (unbound.Status, unbound.Code));
    }

    [Fact]
    public async Task ManagedIdentity_SendsATokenOfItsScope_ToTheBoundHostOnly()
    {
        var identity = new FakeIdentity();
        await using var routed = await RoutedGateway.StartWithIdentityAsync(identity);
        routed.Outside.Answer = static _ => Wire.Of(200, ScriptedUpstream.Plain);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await routed.ChatAsync()).Status);
        }

        Assert.All(routed.Outside.Seen, static s => Assert.Equal($"Bearer {FakeIdentity.Token}", s["Authorization"]));
        Assert.Equal(3, routed.Outside.Seen.Count);
        Assert.Equal(["https://cognitiveservices.azure.com/.default"], identity.Asked);
        Assert.DoesNotContain(routed.Gateway.Log.Lines, static l => l.Contains(FakeIdentity.Token, StringComparison.Ordinal));
        Assert.DoesNotContain(FakeIdentity.Token, string.Concat(routed.Gateway.Stream.Events), StringComparison.Ordinal);
    }

    private static (string Path, string Ask, string AskStreamed, string Events, string Plain)[] Dialects =>
    [
        ("/v1/messages", Samples.Message, Samples.StreamedMessage, ScriptedUpstream.StreamedMessage, ScriptedUpstream.PlainMessage),
        ("/v1/chat/completions", Samples.Chat, Samples.StreamedChat, ScriptedUpstream.Streamed, ScriptedUpstream.Plain),
        ("/v1/responses", Samples.Response, Samples.StreamedResponse, ScriptedUpstream.StreamedResponse, ScriptedUpstream.PlainResponse),
    ];

    /// <summary>Both providers of the sample bundle that want a key are this one.</summary>
    private static Task<TestGateway> StartAsync(FaultyUpstream upstream, params (string Key, string? Value)[] settings) => TestGateway.StartOnWireAsync(
        null,
        [
            ("Proofgate:Upstreams:anthropic:Endpoint", upstream.Address.ToString()), ("Proofgate:Upstreams:anthropic:Secret", ProviderKey),
            ("Proofgate:Upstreams:openai:Endpoint", upstream.Address.ToString()), ("Proofgate:Upstreams:openai:Secret", ProviderKey), ("Proofgate:Upstreams:openai:Hosts:0", "127.0.0.1"),
            ("Proofgate:Upstreams:sample:Endpoint", null),
            .. settings,
        ]);
}
