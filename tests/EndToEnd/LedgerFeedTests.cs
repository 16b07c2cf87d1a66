using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Proofgate.EndToEnd;

/// <summary>Watching decisions through an app that makes none: they come out of the ledger.</summary>
public sealed class LedgerFeedTests
{
    [Fact]
    public async Task Decisions_OfAnotherApp_AreSeenThroughTheLedger_FromTheMomentOfWatching()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));
        var before = await ChatAsync(gateway, "assistant", 200);
        await Ledger.HoldsOutcomeAsync(gateway, "completed");
        await using var manage = await ManageHost.StartAsync(gateway);
        using var watching = new HttpRequestMessage(HttpMethod.Get, new Uri(manage.Address, "/manage/decisions?for=60"));
        watching.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.AdminKey);
        using var answer = await Http.Client.SendAsync(watching, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        var allowed = await ChatAsync(gateway, "assistant", 200);
        var refused = await ChatAsync(gateway, "board-assistant", 403);
        var seen = await SeenAsync(reader, allowed, refused);
        Assert.DoesNotContain(before, seen.Keys);
        Assert.True((bool)seen[allowed]["allowed"]!);
        Assert.False((bool)seen[refused]["allowed"]!);
        Assert.Contains("board-assistant-is-for-the-board", seen[refused].ToJsonString(), StringComparison.Ordinal);
        // The same person under the same pseudonym, which only the ledger could tell here.
        Assert.NotEmpty((string)seen[allowed]["subject"]!);
        Assert.Equal((string?)seen[allowed]["subject"], (string?)seen[refused]["subject"]);
        Assert.All(seen.Values, static e => Assert.DoesNotContain("canary", e.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watching_NeedsTheRightTo_ThereToo()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));
        await using var manage = await ManageHost.StartAsync(gateway);
        using var watching = new HttpRequestMessage(HttpMethod.Get, new Uri(manage.Address, "/manage/decisions?for=5"));
        watching.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.SampleKey);
        using var answer = await Http.Client.SendAsync(watching);
        Assert.Equal(403, (int)answer.StatusCode);
    }

    private static async Task<string> ChatAsync(Gateway gateway, string model, int status)
    {
        using var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("a canary", model: model)));
        Assert.Equal(status, (int)answer.StatusCode);
        return answer.Headers.GetValues("Proofgate-Audit-Id").Single();
    }

    /// <summary>Reads until both were seen.</summary>
    private static async Task<Dictionary<string, JsonNode>> SeenAsync(StreamReader reader, params string[] wanted)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new Dictionary<string, JsonNode>();
        while (!wanted.All(seen.ContainsKey) && await reader.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line[6..]) is { } data && (string?)data["id"] is { } id)
            {
                seen[id] = data;
            }
        }

        return seen;
    }
}
