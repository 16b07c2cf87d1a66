using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>Invariant 8 for what leaves a process beside its log: no metric and no trace holds what a caller says. Every meter and every source is listened to.</summary>
[Collection(nameof(Telemetry))]
public sealed class TelemetryTests
{
    /// <summary>The caller is in this process too, and knows what it says.</summary>
    private const string OfTheClient = "System.Net.Http";

    private readonly ConcurrentQueue<string> _heard = new();

    [Fact]
    public async Task NoContent_IsInMetricsOrTraces()
    {
        using var meters = new MeterListener { InstrumentPublished = static (instrument, listener) => EnableUnlessOfTheClient(instrument, listener) };
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Hear(instrument, tags));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        meters.Start();
        using var traces = new ActivityListener
        {
            ShouldListenTo = static source => source.Name != OfTheClient,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(traces);

        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var sent = 0;
        foreach (var header in new[] { "User-Agent", "Cookie", "baggage", "tracestate", "Correlation-Context", "Request-Id", "X-Request-Id", "Referer", "Origin", "Forwarded", "Proofgate-Purpose", "Accept-Language" })
        {
            var value = header is "baggage" or "Correlation-Context" or "tracestate" ? $"canary{sent++}x7f3a9c=canary{sent++}x7f3a9c" : $"canary{sent++}x7f3a9c";
            await gateway.ChatAsync(key, Samples.Chat, (header, value), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        }

        await gateway.ChatAsync(key, Samples.Chat, ("traceparent", $"canary{sent++}x7f3a9c"));
        await gateway.ChatAsync(key, $$"""{"model":"canary{{sent++}}x7f3a9c","messages":[{"role":"user","content":"canary{{sent++}}x7f3a9c"}]}""");
        await gateway.ChatAsync(key, $$"""{"model":"assistant","user":"canary{{sent++}}x7f3a9c","messages":[{"role":"user","content":"canary{{sent++}}x7f3a9c"}]}""");
        await gateway.ChatAsync(key, $"canary{sent++}x7f3a9c");
        await gateway.PostAsync($"/v1/chat/completions?canary{sent++}x7f3a9c=canary{sent++}x7f3a9c", Samples.Chat, key);
        await gateway.GetAsync($"/canary{sent++}x7f3a9c", key);
        await gateway.GetAsync("/v1/models", $"pgk_test_AAAAAAAA_canary{sent++}x7f3a9c");
        await gateway.SendAsync(new HttpRequestMessage(new HttpMethod($"CANARY{sent++}X7F3A9C"), "/v1/models"), key);
        await gateway.PostAsync($"/manage/keys/canary{sent++}x7f3a9c/revoke", "", await gateway.AdministratorAsync());

        Assert.Contains(_heard, static h => h.Contains("http.server.request.duration", StringComparison.Ordinal));
        Assert.Contains(_heard, static h => h.StartsWith("trace ", StringComparison.Ordinal));
        // The place in a trace is taken; what is free text around it is not.
        Assert.Contains(_heard, static h => h.StartsWith("trace ", StringComparison.Ordinal) && h.Contains("parent 00-0af7651916cd43dd8448eb211c80319c", StringComparison.Ordinal));
        Assert.Empty(_heard.Where(static h => h.Contains("x7f3a9c", StringComparison.OrdinalIgnoreCase)).Distinct());
    }

    private static void EnableUnlessOfTheClient(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name != OfTheClient)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            _heard.Enqueue($"metric {instrument.Name} {name}={value}");
        }
    }

    private void Hear(Activity activity)
    {
        _heard.Enqueue($"trace {activity.OperationName} {activity.DisplayName} state {activity.TraceStateString} id {activity.Id} parent {activity.ParentId}");
        foreach (var (name, value) in activity.TagObjects.Concat(activity.Baggage.Select(static b => KeyValuePair.Create<string, object?>(b.Key, b.Value)))
            .Concat(activity.Events.SelectMany(static e => e.Tags)))
        {
            _heard.Enqueue($"trace {activity.OperationName} {name}={value}");
        }
    }
}
