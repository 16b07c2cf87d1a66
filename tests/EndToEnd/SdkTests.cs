using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>The one-command run, redaction on, by the SDKs of other makers: each of their protocols, plain, streamed, and with a tool of the client's.</summary>
public sealed class SdkTests(SdkTests.Run run) : IClassFixture<SdkTests.Run>
{
    private const string Masked = "Ada Lovelace, [EMAIL_ADDRESS], [PHONE_NUMBER], card [PAYMENT_CARD].";

    [Theory]
    [InlineData("chat", 2)]
    [InlineData("responses", 3)]
    [InlineData("anthropic", 5)]
    [InlineData("ai-responses", 3)]
    [InlineData("ai-chat", 3)]
    [InlineData("ai-anthropic", 3)]
    public async Task Sdk_GetsMaskedText_AndMaskedArgumentsForItsTool(string sdk, int lines)
    {
        var said = await SayAsync(sdk);

        Assert.Equal(lines, said.Count);
        Assert.All(said.Where(static s => s["text"] is not null), static s => Assert.EndsWith(Masked, (string?)s["text"], StringComparison.Ordinal));
        Assert.All(said.Where(static s => s["again"] is not null), static s => Assert.Equal((string?)s["text"], (string?)s["again"]));
        Assert.Equal("""[{"email":"[EMAIL_ADDRESS]"}]""", Assert.Single(said, static s => s["input"] is not null)["input"]!.ToJsonString());
        Assert.DoesNotContain(said, static s => s.ToJsonString().Contains("lovelace@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Responses_SayTheSameEachTime_InOrder_AndKeepNothing()
    {
        var said = await SayAsync("responses");

        Assert.StartsWith("resp_pgid_", (string?)said[0]["id"], StringComparison.Ordinal);
        Assert.False((bool)said[0]["store"]!);
        Assert.Equal((string?)said[1]["text"], (string?)Assert.Single(said[1]["done"]!.AsArray()));
        Assert.True((bool)said[1]["ordered"]!);

        var attempts = await SayAsync("state");
        Assert.Equal(
            ["400 unsupported_parameter", "404 id_not_found", "404 not_found", "404 not_found", "403 tool_not_permitted"], attempts.Select(static a => $"{a["status"]} {a["code"]}"));
    }

    [Fact]
    public async Task Anthropic_CountsTokens_AndRaisesItsOwnErrors()
    {
        var said = await SayAsync("anthropic");
        Assert.True((int)said[3]["tokens"]! > 0);
        Assert.Equal((404, "NotFoundError"), ((int)said[4]["status"]!, (string?)said[4]["kind"]));
    }

    [Fact]
    public async Task Embeddings_ComeInEachEncoding()
    {
        var said = await SayAsync("embeddings");
        Assert.Equal(["32", "32", "text", "32"], said.Select(static s => s["first"]!.ToString()));
        Assert.All(said, static s => Assert.Equal(2, (int)s["count"]!));
    }

    [Fact]
    public async Task AzureOpenAi_IsServed_OnBothOfItsPaths()
    {
        var said = await SayAsync("azure");
        Assert.Equal(6, said.Count);
        Assert.All(said.Where(static s => s["text"] is not null), static s => Assert.EndsWith(Masked, (string?)s["text"], StringComparison.Ordinal));
        Assert.Equal((403, "policy_denied", "PermissionDeniedError"), ((int)said[5]["status"]!, (string?)said[5]["code"], (string?)said[5]["kind"]));
    }

    private async Task<IReadOnlyList<JsonObject>> SayAsync(string what)
    {
        await using var process = await Peers.StartAsync("sdks.mjs", [run.Gateway.Address.ToString(), run.Gateway.SampleKey, what]);
        var code = await process.WaitForExitAsync();
        Assert.True(code == 0, string.Join('\n', process.Output.Concat(process.Errors)));
        return [.. process.Output.Select(static l => JsonNode.Parse(l)!.AsObject())];
    }

    /// <summary>A gateway with the built-in sample model.</summary>
    public sealed class Run : IAsyncLifetime
    {
        public Gateway Gateway { get; private set; } = null!;

        public async Task InitializeAsync() => Gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00.001"));

        public async Task DisposeAsync() => await Gateway.DisposeAsync();
    }
}
