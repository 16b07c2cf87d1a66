using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Proofgate.EndToEnd;

/// <summary>Two gateways on one storage: what one of them is told, the other knows within five seconds.</summary>
public sealed class InstancesTests(Fixture fixture) : IClassFixture<Fixture>
{
    private Gateway First => fixture.Gateway;

    [Fact]
    [Trait("Rule", "K6")]
    public async Task RevokedKey_StopsEverywhere_OpenStreamsOfTheOtherInstanceIncluded()
    {
        await using var second = await Gateway.StartBesideAsync(First, "second", fixture.Spy.Address);
        await fixture.Spy.HeadAsync(200, "text/event-stream");
        await fixture.Spy.ScriptAsync(SpyUpstream.Chunk("one "), SpyUpstream.Chunk("heldback@example"), SpyUpstream.Hold("never"));
        var created = JsonNode.Parse((await First.ProofgateAsync(
            "keys", "create", "--name", "shared", "--owner", "shared-app", "--role", "developer", "--json")).Output)!;
        using var response = await Http.Client.SendAsync(
            Http.Chat(second, Http.Ask("x", stream: true), (string?)created["key"]), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("one ", await reader.ReadLineAsync(), StringComparison.Ordinal);

        Assert.Equal(0, (await First.ProofgateAsync("keys", "revoke", (string?)created["record"]!["kid"] ?? string.Empty)).ExitCode);
        var since = Stopwatch.StartNew();
        var rest = await ReadToEndAsync(reader);

        // The promise is five seconds; a machine that runs every test at once may be late.
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.True(rest.Contains("\"revoked\"", StringComparison.Ordinal), rest);
        Assert.DoesNotContain("heldback", rest, StringComparison.Ordinal);
        using var after = await Http.Client.SendAsync(Http.Chat(second, Http.Ask("x"), (string?)created["key"]));
        Assert.Equal(401, (int)after.StatusCode);
    }

    [Fact]
    public async Task Budget_IsOne_HoweverManyInstancesSpendIt()
    {
        await using var second = await Gateway.StartBesideAsync(First, "spender", fixture.Spy.Address);
        await fixture.Spy.HeadAsync(200, "application/json");
        await fixture.Spy.ScriptAsync(SpyUpstream.Send(
            """{"id":"x","object":"chat.completion","created":1,"model":"spy","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":90,"total_tokens":100}}"""));
        var created = JsonNode.Parse((await First.ProofgateAsync(
            "keys", "create", "--name", "spender", "--owner", "spender-app", "--role", "developer", "--tokens-per-day", "1000", "--json")).Output)!;

        // Each call reserves 100 or a little less, and uses 100.
        const string ask = """{"model":"assistant","max_tokens":95,"messages":[{"role":"user","content":"twelve or so"}]}""";
        var statuses = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            foreach (var gateway in (Gateway[])[First, second])
            {
                using var response = await Http.Client.SendAsync(Http.Chat(gateway, ask, (string?)created["key"]));
                statuses.Add((int)response.StatusCode);
            }
        }

        Assert.Equal([200, 429], statuses.Distinct().Order());
        // What is left is less than a call and what the other holds.
        Assert.InRange(statuses.Count(static s => s == 200), 8, 10);
    }

    private static async Task<string> ReadToEndAsync(StreamReader reader)
    {
        var lines = new List<string>();
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lines.Add(line);
            }
        }
        catch (IOException)
        {
            // The connection is cut after the farewell.
        }

        return string.Join('\n', lines);
    }
}
