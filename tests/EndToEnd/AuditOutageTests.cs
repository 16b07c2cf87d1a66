using System.Text.Json.Nodes;

namespace Proofgate.EndToEnd;

/// <summary>Invariant 1: no decision event acknowledged, nothing sent on.</summary>
public sealed class AuditOutageTests
{
    [Fact]
    public async Task FullStream_Is503_AndTheUpstreamIsNotAsked()
    {
        await using var spy = await SpyUpstream.StartAsync();
        await spy.HeadAsync(200, "application/json");
        await spy.ScriptAsync(SpyUpstream.Send("""{"id":"x","object":"chat.completion","created":1,"model":"spy","choices":[]}"""));
        // A stream that may take no more than this on disk: it holds the start and a few calls, and then it cannot acknowledge.
        await using var gateway = await Gateway.StartAsync(
            spy.Address, null,
            ("Proofgate__Audit__MaxDiskBytes", "1048576"), ("Proofgate__Audit__SegmentBytes", "262144"), ("Proofgate__Admission__RequestsPerMinute", "100000"), ("Proofgate__Audit__GiveUpAfter", "00:00:01"));

        var answered = 0;
        HttpResponseMessage response;
        while ((response = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x")))).IsSuccessStatusCode)
        {
            response.Dispose();
            Assert.True(++answered < 5000, "The stream never became full.");
        }

        using (response)
        {
            Assert.Equal(503, (int)response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Equal("audit_unavailable", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["code"]);
        }

        using var streamed = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x", stream: true)));
        Assert.Equal(503, (int)streamed.StatusCode);
        Assert.Equal(answered, (await spy.RequestsAsync()).Count);
        using var ready = await Http.Client.GetAsync(new Uri(gateway.Address, "/readyz"));
        Assert.Equal(503, (int)ready.StatusCode);
    }
}
