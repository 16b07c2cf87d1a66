namespace Proofgate.EndToEnd;

/// <summary>Limits of a key, through the command that sets them.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task KeyOverItsRate_Is429_WithRetryAfter_AndNothingIsSentOn()
    {
        await using var spy = await SpyUpstream.StartAsync();
        await spy.HeadAsync(200, "application/json");
        await spy.ScriptAsync(SpyUpstream.Send("""{"id":"x","object":"chat.completion","created":1,"model":"spy","choices":[]}"""));
        await using var gateway = await Gateway.StartAsync(spy.Address);
        var created = await gateway.ProofgateAsync(
            "keys", "create", "--name", "slow", "--owner", "slow-app", "--role", "developer", "--requests-per-minute", "2", "--json");
        var key = (string?)System.Text.Json.Nodes.JsonNode.Parse(created.Output)!["key"];

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x"), key));
            statuses.Add((int)response.StatusCode);
            if (statuses[^1] == 429)
            {
                Assert.NotNull(response.Headers.RetryAfter);
                Assert.Contains("rate_limit_exceeded", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        Assert.Equal([200, 200, 429, 429], statuses);
        Assert.Equal(2, (await spy.RequestsAsync()).Count);
        await Ledger.HoldsTextAsync(gateway, "rate_limit_exceeded");
    }
}
