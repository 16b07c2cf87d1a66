using System.Text.Json.Nodes;

namespace Proofgate.EndToEnd;

/// <summary>What becomes of a stream when one of its ends goes away.</summary>
public sealed class StreamTests(Fixture fixture) : IClassFixture<Fixture>
{
    // Nothing else could end the wait; a second is the aim, and a loaded machine is given more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Gateway Gateway => fixture.Gateway;

    private SpyUpstream Spy => fixture.Spy;

    [Fact]
    public async Task KilledClient_CancelsTheUpstreamWithinASecond_AndTheOutcomeSaysSo()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        await Spy.ScriptAsync(SpyUpstream.Chunk("one "), SpyUpstream.Hold("never"), SpyUpstream.Done());
        await using (var client = await OpenAiPeer.StartAsync(Gateway, "stream", "wait"))
        {
            await client.WaitForLineAsync("one ");
            client.Kill();
            await client.WaitForExitAsync();
        }

        await Spy.WaitForAsync(static r => r.Cancelled, Patience);
        await Ledger.HoldsOutcomeAsync(Gateway, "client_aborted");
    }

    [Fact]
    [Trait("Rule", "H9")]
    public async Task DyingUpstream_GivesAnErrorEventAndNoDone()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        await Spy.ScriptAsync(SpyUpstream.Chunk("pay 4111 1111 1111 111"), SpyUpstream.Destroy());
        using var response = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask("x", stream: true)));
        var raw = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain("[DONE]", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", raw, StringComparison.Ordinal);
        var last = raw.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Equal("upstream_failed", (string?)JsonNode.Parse(last["data: ".Length..])!["error"]!["code"]);
        await Ledger.HoldsTextAsync(Gateway, "\"result\":\"upstream_failed\"");
    }

    [Fact]
    public async Task NpmClient_RaisesTheInBandError()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        await Spy.ScriptAsync(SpyUpstream.Chunk("one "), SpyUpstream.Destroy());
        var said = await OpenAiPeer.RunAsync(Gateway, "stream", "x");
        Assert.Equal("APIError", (string?)said[^1]["error"]);
        Assert.Equal("upstream_failed", (string?)said[^1]["code"]);
    }

    [Fact]
    public async Task UpstreamThatIsNotThere_Is502()
    {
        await using var gateway = await Gateway.StartAsync(new Uri("http://127.0.0.1:9/"));
        using var response = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x")));
        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("upstream_unavailable", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task RevokedKey_EndsItsOpenStreamWithinFiveSeconds_AndNothingHeldIsReleased()
    {
        await Spy.HeadAsync(200, "text/event-stream");
        await Spy.ScriptAsync(SpyUpstream.Chunk("one "), SpyUpstream.Chunk("heldback@example"), SpyUpstream.Hold("never"));
        var created = await Gateway.ProofgateAsync(
            "keys", "create", "--name", "doomed", "--owner", "doomed-app", "--role", "developer", "--json");
        Assert.Equal(0, created.ExitCode);
        var key = JsonNode.Parse(created.Output)!;
        using var response = await Http.Client.SendAsync(
            Http.Chat(Gateway, Http.Ask("x", stream: true), (string?)key["key"]), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("one ", await reader.ReadLineAsync(), StringComparison.Ordinal);

        var revoked = await Gateway.ProofgateAsync("keys", "revoke", (string?)key["record"]!["kid"] ?? string.Empty);
        Assert.Equal(0, revoked.ExitCode);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var rest = new List<string>();
        try
        {
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                rest.Add(line);
            }
        }
        catch (IOException)
        {
            // The connection is cut after the farewell, so that nothing more can be delivered.
        }

        Assert.DoesNotContain("heldback", string.Join('\n', rest), StringComparison.Ordinal);
        await Ledger.HoldsOutcomeAsync(Gateway, "revoked");
        using var after = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask("x"), (string?)key["key"]));
        Assert.Equal(401, (int)after.StatusCode);
    }
}
