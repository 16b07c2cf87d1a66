using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Publishing;

public sealed class RefusalChannelTests
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
