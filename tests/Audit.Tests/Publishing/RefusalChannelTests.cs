using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Publishing;

public sealed class RefusalChannelTests(ITestOutputHelper output)
{
    private readonly FakeTimeProvider _time = new(Sample.Time);
    private readonly MemoryTransport _transport = new();
    private readonly MemorySubjectKeys _keys = new();

    [Fact]
    public async Task Refusals_BecomeOneCount_BeyondTenOfANetworkAndReason()
    {
        var channel = Channel();
        for (var i = 0; i < 1000; i++)
            channel.Report(Refusal(i), IPAddress.Parse($"203.0.113.{i % 256}"));
        channel.Report(Refusal(2000), IPAddress.Parse("203.0.114.1"));
        channel.Report(Refusal(2001) with { Reason = "expired" }, IPAddress.Parse("203.0.113.1"));
        await channel.DisposeAsync();
        var events = Events();
        Assert.Equal(12, events.OfType<RefusalEvent>().Count());
        var count = Assert.Single(events.OfType<RefusalsEvent>());
        Assert.Equal(("invalid_api_key", 990L, 0L), (count.Reason, count.Count, count.Dropped));
    }

    [Fact]
    public async Task Refusals_AreDroppedAndToldLater_WhenTheirQueueIsFull()
    {
        var (gate, started) = (new TaskCompletionSource(), new TaskCompletionSource());
        _transport.Behave = async (_, store) =>
        {
            started.TrySetResult();
            await gate.Task;
            store();
        };
        var channel = Channel(o => o.QueueCapacity = 100);
        channel.Report(Refusal(0), IPAddress.Parse("10.0.0.1"));
        await started.Task;
        for (var i = 1; i < 200; i++)
            channel.Report(Refusal(i), new IPAddress([10, (byte)i, 0, 1]));
        gate.SetResult();
        await channel.DisposeAsync();
        var singles = Events().OfType<RefusalEvent>().Count();
        var count = Assert.Single(Events().OfType<RefusalsEvent>());
        // A tenth of the capacity waits, and what was taken from the queue before.
        Assert.InRange(singles, 10, 10 + 10 + 16);
        Assert.Equal(200 - singles, count.Dropped);
    }

    [Fact]
    public async Task Flood_WritesNoMoreThanItsShare_FromAnyNumberOfNetworks()
    {
        var channel = Channel(o => o.RefusalEventsPerMinute = 20);
        var flood = Counts.Full ? 1_000_000 : 10_000;
        for (var i = 0; i < flood; i++)
            channel.Report(Refusal(i), new IPAddress([(byte)(i >> 16), (byte)(i >> 8), (byte)i, 1]));
        await channel.DisposeAsync();
        Assert.Equal(20, Events().OfType<RefusalEvent>().Count());
        Assert.Equal(flood - 20, Assert.Single(Events().OfType<RefusalsEvent>()).Count);
    }

    /// <summary>Publisher, channel and a stream on disk, as they run: four callers without credentials against one with.</summary>
    [Fact]
    [Trait("Category", "Heavy")]
    public async Task Flood_DisplacesNoDecision_AndEveryRefusalIsWrittenCountedOrToldAsDropped()
    {
        var flood = Counts.Of(1_000_000, output);
        using var folder = new TemporaryFolder();
        var options = Options.Create(Sample.Options(o => (o.DataPath, o.QueueCapacity) = (folder.Path, 160)));
        await using var stream = new EmbeddedStream(options, TimeProvider.System, NullLogger<EmbeddedStream>.Instance);
        using var key = new ProcessKey();
        var publisher = new AuditPublisher(stream, Sample.Sealer(options: options.Value), key, options, TimeProvider.System, NullLogger<AuditPublisher>.Instance);
        var channel = new RefusalChannel(stream, Sample.Sealer(options: options.Value), key, options, _time, NullLogger<RefusalChannel>.Instance);
        var flooding = Enumerable.Range(0, 4).Select(lane => Task.Run(() =>
        {
            for (var i = lane; i < flood; i += 4)
                channel.Report(Refusal(i), new IPAddress([(byte)(i >> 16), (byte)(i >> 8), (byte)i, 1]));
        })).ToArray();
        var decisions = 0;
        while (!Task.WhenAll(flooding).IsCompleted || decisions < 50)
        {
            // None of them fails, or this does.
            await publisher.PublishAsync(Sample.Decision(2_000_000 + decisions++), default);
        }

        await channel.DisposeAsync();
        await publisher.DisposeAsync();
        var events = new List<ReadEvent>();
        for (var partition = 0; partition < stream.Partitions; partition++)
            events.AddRange((await stream.ReadAgainAsync(partition, 0, stream.RangeOf(partition).Next, default)).Select(static r => EventReader.Read(r.Body.Span, out _)!));
        var singles = events.Count(static e => e.Event is RefusalEvent);
        var (counted, dropped) = (events.Sum(static e => (e.Event as RefusalsEvent)?.Count ?? 0), events.Sum(static e => (e.Event as RefusalsEvent)?.Dropped ?? 0));
        var counts = events.Count(static e => e.Event is RefusalsEvent);
        output.WriteLine($"{flood} refusals beside {decisions} decisions: {singles} written singly, {counts} counting events for {counted}, {dropped} told as dropped");
        Assert.Equal(flood, singles + counted + dropped);
        Assert.Equal(decisions, events.Count(static e => e.Event is DecisionEvent));
        Assert.InRange(singles + counts, 1, options.Value.RefusalEventsPerMinute + 1);
        // Two sources, of which each opens and closes.
        Assert.Equal(["close", "close", "open", "open"], events.Select(static e => (e.Event as SourceEvent)?.Act).OfType<string>().Order(StringComparer.Ordinal));
        foreach (var chain in events.GroupBy(static e => e.Source))
            Assert.Equal(Enumerable.Range(1, chain.Count()).Select(static n => (long)n), chain.Select(static e => e.Number));
    }

    [Fact]
    public async Task Minute_GivesNewSingles_AndOneCountOfTheOneBefore()
    {
        var channel = Channel();
        for (var i = 0; i < 15; i++)
            channel.Report(Refusal(i), IPAddress.Loopback);
        _time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 20; i < 23; i++)
            channel.Report(Refusal(i), IPAddress.Loopback);
        await channel.DisposeAsync();
        Assert.Equal(13, Events().OfType<RefusalEvent>().Count());
        var count = Assert.Single(Events().OfType<RefusalsEvent>());
        Assert.Equal((5L, Sample.Time, Sample.Time.AddMinutes(1)), (count.Count, count.From, count.Until));
    }

    [Fact]
    public async Task UnknownCallers_ShareOneDataKeyADay_WhateverNamesTheyInvent()
    {
        var channel = Channel();
        for (var i = 0; i < 10; i++)
            channel.Report(Refusal(i) with { Personal = new PersonalPart($"t{i}", $"s{i}", "{}"u8.ToArray()) }, IPAddress.Loopback);
        await channel.DisposeAsync();
        Assert.Equal(10, Events().OfType<RefusalEvent>().Count());
        Assert.Single(_keys.Records);
    }

    [Fact]
    public async Task Channel_HasASourceOfItsOwn_AndNeverThrows()
    {
        await using var publisher = Sample.Publisher(_transport);
        var channel = Channel();
        channel.Report(Refusal(1), null);
        await publisher.PublishAsync(Sample.Outcome(2), default);
        await channel.DisposeAsync();
        channel.Report(Refusal(3), IPAddress.IPv6Loopback);
        Assert.Equal(2, _transport.Stored.Select(s => s.Key).Distinct().Count());
    }

    private RefusalChannel Channel(Action<AuditOptions>? change = null)
    {
        var options = Sample.Options(change);
        return new RefusalChannel(
            _transport, Sample.Sealer(_keys, _time, options), new ProcessKey(), Options.Create(options), _time, NullLogger<RefusalChannel>.Instance);
    }

    private List<AuditEvent> Events() => _transport.Stored.ConvertAll(s => EventReader.Read(s.Body, out _)!.Event);

    private static RefusalEvent Refusal(int number) => new()
    {
        Id = Sample.Id(number),
        Time = Sample.Time,
        Request = new RequestRecord { Route = "/v1/models", Method = "GET" },
        Status = 401,
        Reason = "invalid_api_key",
    };
}
