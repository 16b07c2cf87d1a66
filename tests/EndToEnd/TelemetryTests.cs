using System.Net.Http.Headers;
using Proofgate.Http.Telemetry;

namespace Proofgate.EndToEnd;

/// <summary>What leaves a running gateway as metrics and traces, byte by byte.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task MetricsAndTraces_Arrive_AndQuoteNobody()
    {
        await using var collector = await Collector.StartAsync();
        await using var gateway = await Gateway.StartAsync(
            null, null, ("Proofgate__Telemetry__OtlpEndpoint", collector.Address.ToString()), ("Proofgate__Telemetry__OtlpProtocol", "HttpProtobuf"),
            ("Proofgate__Telemetry__TraceRatio", "1"), ("Proofgate__Telemetry__MetricInterval", "00:00:01"), ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));

        using (var answer = await Http.Client.SendAsync(Loud(Http.Chat(gateway, Http.Ask("canary-prompt, who wrote to us?")))))
        {
            Assert.Equal(200, (int)answer.StatusCode);
            await answer.Content.ReadAsStringAsync();
        }

        using (var refused = await Http.Client.SendAsync(Loud(Http.Chat(gateway, Http.Ask("canary-prompt", model: "canary-model")))))
        {
            Assert.Equal(404, (int)refused.StatusCode);
        }

        using (var denied = await Http.Client.SendAsync(Loud(Http.Chat(gateway, Http.Ask("canary-prompt", model: "board-assistant")))))
        {
            Assert.Equal(403, (int)denied.StatusCode);
        }

        using (var unknown = await Http.Client.SendAsync(Loud(new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/v1/canary-path?canary-query=1")))))
        {
            Assert.Equal(404, (int)unknown.StatusCode);
        }

        using (var stranger = Loud(new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/v1/models"))))
        {
            stranger.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "canary-credential");
            using var answer = await Http.Client.SendAsync(stranger);
            Assert.Equal(401, (int)answer.StatusCode);
        }

        string[] expected =
        [
            "proofgate.decision.duration", "proofgate.refusals", "proofgate.answers", "proofgate.audit.commit.duration", "proofgate.ledger.delay", "proofgate.ledger.lag",
            "proofgate.checkpoints.passes", "policy_denied", "model_not_found", "signed",
        ];
        var metrics = await collector.UntilAsync("/v1/metrics", text => expected.All(e => text.Contains(e, StringComparison.Ordinal)));
        var traces = await collector.UntilAsync("/v1/traces", static text => text.Contains("proofgate.decide", StringComparison.Ordinal) && text.Contains("proofgate.record", StringComparison.Ordinal)
            && text.Contains("/v1/chat/completions", StringComparison.Ordinal));
        Assert.All(new[] { metrics, traces }, text =>
        {
            Assert.DoesNotContain("canary", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("pgk_", text, StringComparison.Ordinal);
            Assert.DoesNotContain(gateway.SampleKey.Split('_')[2], text, StringComparison.Ordinal);
        });
        Assert.All(expected.Where(static e => e.StartsWith("proofgate.", StringComparison.Ordinal)), static e => Assert.Contains(e, Instruments.All.Select(static i => i.Name)));
    }

    /// <summary>Something to quote in every place where the framework looks.</summary>
    private static HttpRequestMessage Loud(HttpRequestMessage request)
    {
        request.Headers.UserAgent.ParseAdd("canary-agent/1.0");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.TryAddWithoutValidation("tracestate", "canary=canary-state");
        request.Headers.TryAddWithoutValidation("baggage", "canary=canary-baggage");
        request.Headers.Host = "canary-host.example";
        request.Headers.TryAddWithoutValidation("Proofgate-Purpose", "canary-purpose");
        return request;
    }
}
