using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Proofgate.Client;
using Proofgate.Enforcement.Tools;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Http.Tests.Mcp;

/// <summary>The protocol's official clients, with proofs of possession and without.</summary>
public sealed class McpClientTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("2025-06-18", true)]
    [InlineData("2025-11-25", true)]
    public async Task CSharpClient_ListsCallsAndReads(string? version, bool bound)
    {
        await using var gateway = await TestGateway.StartUnderItsNameAsync();
        gateway.Tools.Told = new ToolAnswer { Texts = ["card 4111 1111 1111 1111"] };
        using var pair = DpopKeyPair.Create();
        var key = await gateway.KeyAsync("analyst", thumbprint: bound ? pair.Thumbprint : null);
        using var http = bound
            ? new HttpClient(new ProofgateHandler(new ProofgateClientOptions { Gateway = gateway.Address, Credential = key, KeyPair = pair }) { InnerHandler = new SocketsHttpHandler() })
            : new HttpClient { DefaultRequestHeaders = { { "Authorization", $"Bearer {key}" } } };
        await using var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });

        Assert.Equal("proofgate", client.ServerInfo?.Name);
        // Without a wish it speaks the revision in which each message stands alone.
        Assert.Equal(version ?? "2026-07-28", client.NegotiatedProtocolVersion);
        Assert.Contains("datasets__echo", (await client.ListToolsAsync()).Select(static t => t.Name));
        Assert.DoesNotContain("vault__open", (await client.ListToolsAsync()).Select(static t => t.Name));
        Assert.Equal("hi", TextOf(await client.CallToolAsync("datasets__echo", new Dictionary<string, object?> { ["text"] = "hi" })));
        Assert.Equal("card [PAYMENT_CARD]", TextOf(await client.CallToolAsync("datasets__tell")));
        Assert.True((await client.CallToolAsync("datasets__echo", new Dictionary<string, object?> { ["txt"] = "hi" })).IsError);
        Assert.Contains("test://static-text", (await client.ListResourcesAsync()).Select(static r => r.Uri));
        Assert.Equal(FixtureTools.StaticText, ((TextResourceContents)(await client.ReadResourceAsync("test://static-text")).Contents[0]).Text);
        Assert.Empty(await client.ListResourceTemplatesAsync());
        Assert.Contains("policy_denied", (await Assert.ThrowsAsync<HttpRequestException>(async () => await client.CallToolAsync("vault__open"))).Message, StringComparison.Ordinal);
        Assert.Equal(McpErrorCode.InvalidParams, (await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("no_such_tool"))).ErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task JavaScriptClient_ListsCallsAndReads(bool bound)
    {
        await using var gateway = await TestGateway.StartUnderItsNameAsync();
        gateway.Tools.Told = new ToolAnswer { Texts = ["card 4111 1111 1111 1111"] };
        using var folder = new TemporaryFolder();
        using var pair = DpopKeyPair.Create();
        pair.Save(folder.Of("key.pem"));
        var key = await gateway.KeyAsync("analyst", thumbprint: bound ? pair.Thumbprint : null);

        await using var peer = await Peers.StartAsync("mcp-client.mjs", [new Uri(gateway.Address, "/mcp").ToString(), key, .. bound ? [folder.Of("key.pem")] : Array.Empty<string>()]);
        var code = await peer.WaitForExitAsync();
        Assert.True(code == 0, string.Join('\n', peer.Output.Concat(peer.Errors)));

        var said = peer.Output.Select(static l => JsonNode.Parse(l)!.AsObject()).ToList();
        Assert.Equal("proofgate", (string?)said[0]["server"]);
        Assert.Contains("datasets__echo", said[1]["tools"]!.AsArray().Select(static t => (string?)t));
        Assert.Equal(FixtureTools.StaticText, (string?)said[3]["read"]);
        Assert.Equal("""{"text":"card 4111","structured":{"text":"card 4111"}}""", said[4].ToJsonString());
        Assert.Equal("card [PAYMENT_CARD]", (string?)said[5]["told"]);
        Assert.True((bool)said[6]["isError"]!);
        Assert.Equal(403, (int)said[7]["denied"]!);
        Assert.Equal(-32602, (int)said[8]["unknown"]!);
        Assert.True((bool)said[9]["closed"]!);
    }

    [Fact]
    [Trait("Rule", "D16")]
    public async Task BoundKey_IsUselessAlone_AtThisRouteToo()
    {
        await using var gateway = await TestGateway.StartUnderItsNameAsync();
        using var pair = DpopKeyPair.Create();
        var answer = await gateway.McpAsync(await gateway.KeyAsync("analyst", thumbprint: pair.Thumbprint), Samples.ToolCall);
        Assert.Equal(401, answer.Status);
        Assert.Contains("DPoP", answer["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Null(answer.Json["id"]);
        Assert.Empty(gateway.Tools.Ran);
    }

    [Fact]
    [Trait("Rule", "P1")]
    [Trait("Rule", "P4")]
    public async Task Challenge_NamesTheMetadataOfThisResource_WhichNamesTheResource()
    {
        await using var gateway = await TestGateway.StartUnderItsNameAsync(
            ("Proofgate:Issuers:one:Issuer", "https://login.example.com/"), ("Proofgate:Issuers:one:Audiences:0", "proofgate"), ("Proofgate:Issuers:one:Tenant", "default"));
        var origin = gateway.Address.GetLeftPart(UriPartial.Authority);
        var named = $"{origin}/.well-known/oauth-protected-resource/mcp";
        var challenge = (await gateway.McpAsync(null, Samples.ToolCall))["WWW-Authenticate"]!;
        Assert.Equal(2, challenge.Split($"resource_metadata=\"{named}\"").Length - 1);
        Assert.DoesNotContain("error", challenge, StringComparison.Ordinal);

        var metadata = (await gateway.GetAsync(new Uri(named).PathAndQuery)).Json;
        Assert.Equal(($"{origin}/mcp", "https://login.example.com/"), ((string?)metadata["resource"], (string?)metadata["authorization_servers"]![0]));
    }

    private static string TextOf(CallToolResult result) => ((TextContentBlock)Assert.Single(result.Content)).Text;
}
