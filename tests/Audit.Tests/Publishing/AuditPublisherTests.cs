using System.Text;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Publishing;

public sealed class AuditPublisherTests
{
    [Fact]
    public async Task Receipt_NamesPlaceAndLeaf_OfTheBytesThatWereStored()
    {
        var transport = new MemoryTransport();
        await using var publisher = Sample.Publisher(transport);
        var receipt = await publisher.PublishAsync(Sample.Decision(1), default);
        var (key, body) = transport.Stored[^1];
        Assert.Equal((receipt.Source, 2L), (key, receipt.Number));
        Assert.Equal(MerkleHash.OfLeaf(body).ToArray(), receipt.LeafHash.ToArray());
        var opening = Assert.IsType<SourceEvent>(EventReader.Read(transport.Stored[0].Body, out _)!.Event);
        Assert.Equal("open", opening.Act);
        Assert.NotNull(opening.Key);
        // The opening event travels with the first one: no round trip of its own.
        Assert.Single(transport.Attempts);
    }

    [Fact]
    public async Task ConcurrentPublishers_ShareBatches_InOneGaplessChain()
    {
        var transport = new MemoryTransport();
        var (gate, inFlight, most) = (new TaskCompletionSource(), 0, 0);
        transport.Behave = async (number, store) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            if (number == 0)
                await gate.Task;
            store();
            Interlocked.Decrement(ref inFlight);
        };
        var publisher = Sample.Publisher(transport);
        var all = Enumerable.Range(1, 400).Select(i => publisher.PublishAsync(Sample.Outcome(i), default).AsTask()).ToArray();
        gate.SetResult();
        var receipts = await Task.WhenAll(all);
        await publisher.DisposeAsync();

        Assert.Equal(1, most);
        Assert.True(transport.Attempts.Count <= 5, $"{transport.Attempts.Count} sends for 400 events");
        Assert.Equal(400, receipts.Select(r => r.Number).Distinct().Count());
        AssertChain(transport.Stored.ConvertAll(s => s.Body), 402);
        Assert.Equal("close", ((SourceEvent)EventReader.Read(transport.Stored[^1].Body, out _)!.Event).Act);
    }

    [Fact]
    public async Task Retry_SendsTheSameBytes_AndKeepsTheOrder()
    {
        var (transport, time) = (new MemoryTransport(), new SteppedTime());
        transport.Behave = (number, store) =>
        {
            // Every second attempt is stored and its reply lost; every third is not stored at all.
            if (number % 3 != 2)
                store();
            return number % 2 == 0 ? throw new IOException("reply lost") : number % 3 == 2 ? throw new IOException("not sent") : Task.CompletedTask;
        };
        var publisher = Sample.Publisher(transport, o => o.MaxBatchEvents = 7, time);
        var all = Enumerable.Range(1, 60).Select(i => publisher.PublishAsync(Sample.Outcome(i), default).AsTask()).ToArray();
        await DriveAsync(time, Task.WhenAll(all));
        await DriveAsync(time, publisher.DisposeAsync().AsTask());

        Assert.Single(transport.Stored.Select(s => s.Key).Distinct());
        var distinct = transport.Stored.ConvertAll(s => s.Body).DistinctBy(Convert.ToHexString).ToList();
        Assert.True(distinct.Count < transport.Stored.Count, "some batches were stored twice");
        AssertChain(distinct, 62);
    }

    [Fact]
    public async Task Source_IsRetired_WhenABatchIsGivenUp()
    {
        var (transport, time) = (new MemoryTransport(), new SteppedTime());
        await using var publisher = Sample.Publisher(transport, time: time);
        var first = await publisher.PublishAsync(Sample.Outcome(1), default);
        transport.Behave = static (_, _) => throw new IOException("down");
        var failing = publisher.PublishAsync(Sample.Outcome(2), default).AsTask();
        await DriveAsync(time, failing.ContinueWith(static _ => { }, TaskScheduler.Default));
        await Assert.ThrowsAsync<AuditUnavailableException>(() => failing);
        Assert.False(publisher.Health.Healthy);
        // Every attempt had the same bytes.
        Assert.Single(transport.Attempts.Skip(1).Select(a => Convert.ToHexString(a.Events.SelectMany(e => e).ToArray())).Distinct());
        Assert.True(transport.Attempts.Count > 3);

        transport.Behave = static (_, store) =>
        {
            store();
            return Task.CompletedTask;
        };
        var next = await publisher.PublishAsync(Sample.Outcome(3), default);
        Assert.NotEqual(first.Source, next.Source);
        var opening = Assert.IsType<SourceEvent>(EventReader.Read(transport.Stored[^2].Body, out _)!.Event);
        var follows = Assert.Single(opening.Follows);
        Assert.Equal((first.Source, first.Number), (follows.Source.ToString(), follows.LastAcknowledged));
        Assert.True(publisher.Health.Healthy);
    }

    [Fact]
    public async Task Numbers_AreFreeAgain_WhenTheTransportSurelyStoredNothing()
    {
        var transport = new MemoryTransport();
        await using var publisher = Sample.Publisher(transport);
        var first = await publisher.PublishAsync(Sample.Outcome(1), default);
        var behave = transport.Behave;
        transport.Behave = static (_, _) => throw new AuditUnavailableException("full");
        await Assert.ThrowsAsync<AuditUnavailableException>(async () => await publisher.PublishAsync(Sample.Outcome(2), default));
        Assert.Equal(new AuditStreamHealth(false, "full"), publisher.Health);
        transport.Behave = behave;
        var next = await publisher.PublishAsync(Sample.Outcome(3), default);
        Assert.Equal((first.Source, first.Number + 1), (next.Source, next.Number));
        AssertChain(transport.Stored.ConvertAll(s => s.Body), 3);
    }

    [Fact]
    public async Task ThrottledBatch_IsSentAgainAsItWas_AfterAWaitThatGrows()
    {
        var (transport, time) = (new MemoryTransport(), new SteppedTime());
        transport.Behave = (number, store) =>
        {
            if (number is 1 or 2)
                throw new AuditThrottledException("busy");
            store();
            return Task.CompletedTask;
        };
        var publisher = Sample.Publisher(transport, time: time);
        await publisher.PublishAsync(Sample.Outcome(1), default);
        var waiting = publisher.PublishAsync(Sample.Outcome(2), default).AsTask();
        await time.WaitedForAsync(TimeSpan.FromSeconds(1));
        Assert.False(publisher.Health.Healthy);
        Assert.Contains("throttled", publisher.Health.Detail, StringComparison.Ordinal);
        // What comes meanwhile is the next batch: nothing overtakes.
        var later = publisher.PublishAsync(Sample.Outcome(3), default).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        await time.WaitedForAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([3L, 4L], (await Task.WhenAll(waiting, later)).Select(static r => r.Number));
        Assert.True(publisher.Health.Healthy);
        Assert.Single(transport.Attempts.Skip(1).Take(3).Select(static a => Convert.ToHexString(a.Events.SelectMany(static e => e).ToArray())).Distinct());
        await publisher.DisposeAsync();
        AssertChain(transport.Stored.ConvertAll(s => s.Body), 5);
    }

    [Fact]
    public async Task Numbers_AreFreeAgain_WhenABatchIsThrottledUntilItIsGivenUp()
    {
        var (transport, time) = (new MemoryTransport(), new SteppedTime());
        await using var publisher = Sample.Publisher(transport, time: time);
        var first = await publisher.PublishAsync(Sample.Outcome(1), default);
        var behave = transport.Behave;
        transport.Behave = static (_, _) => throw new AuditThrottledException("busy");
        var failing = publisher.PublishAsync(Sample.Outcome(2), default).AsTask();
        await time.DriveAsync(failing.ContinueWith(static _ => { }, TaskScheduler.Default), TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<AuditUnavailableException>(() => failing);
        Assert.False(publisher.Health.Healthy);
        transport.Behave = behave;
        var next = await publisher.PublishAsync(Sample.Outcome(3), default);
        Assert.Equal((first.Source, first.Number + 1), (next.Source, next.Number));
    }

    [Fact]
    public async Task Source_IsRetired_WhenABatchOfUnknownResultIsThrottledUntilItIsGivenUp()
    {
        var (transport, time) = (new MemoryTransport(), new SteppedTime());
        await using var publisher = Sample.Publisher(transport, time: time);
        var first = await publisher.PublishAsync(Sample.Outcome(1), default);
        var behave = transport.Behave;
        transport.Behave = static (number, _) => throw (number == 1 ? new IOException("reply lost") : new AuditThrottledException("busy"));
        var failing = publisher.PublishAsync(Sample.Outcome(2), default).AsTask();
        await time.DriveAsync(failing.ContinueWith(static _ => { }, TaskScheduler.Default), TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<AuditUnavailableException>(() => failing);
        transport.Behave = behave;
        Assert.NotEqual(first.Source, (await publisher.PublishAsync(Sample.Outcome(3), default)).Source);
    }

    [Fact]
    public async Task Disposal_SendsWhatWaits_AndThenTheClosingEvent()
    {
        var (transport, gate, started) = (new MemoryTransport(), new TaskCompletionSource(), new TaskCompletionSource());
        transport.Behave = async (_, store) =>
        {
            started.TrySetResult();
            await gate.Task;
            store();
        };
        var publisher = Sample.Publisher(transport, o => o.MaxBatchEvents = 10);
        var waiting = new List<Task<AuditReceipt>> { publisher.PublishAsync(Sample.Outcome(1), default).AsTask() };
        await started.Task;
        for (var i = 2; i <= 50; i++)
            waiting.Add(publisher.PublishAsync(Sample.Outcome(i), default).AsTask());
        var disposal = publisher.DisposeAsync().AsTask();
        gate.SetResult();
        await disposal;
        Assert.Equal(50, (await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30))).Length);
        AssertChain(transport.Stored.ConvertAll(s => s.Body), 52);
        Assert.Equal("close", ((SourceEvent)EventReader.Read(transport.Stored[^1].Body, out _)!.Event).Act);
    }

    [Fact]
    public async Task Publishing_FailsAtOnce_WhenTheQueueIsFull()
    {
        var (transport, gate) = (new MemoryTransport(), new TaskCompletionSource());
        var started = new TaskCompletionSource();
        transport.Behave = async (_, store) =>
        {
            started.TrySetResult();
            await gate.Task;
            store();
        };
        await using var publisher = Sample.Publisher(transport, o => o.QueueCapacity = 16);
        var waiting = new List<Task> { publisher.PublishAsync(Sample.Outcome(1), default).AsTask() };
        await started.Task;
        for (var i = 2; i <= 17; i++)
            waiting.Add(publisher.PublishAsync(Sample.Outcome(i), default).AsTask());
        var refused = publisher.PublishAsync(Sample.Outcome(99), default).AsTask();
        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<AuditUnavailableException>(() => refused);
        gate.SetResult();
        await Task.WhenAll(waiting);
        Assert.DoesNotContain(transport.Stored, s => Encoding.UTF8.GetString(s.Body).Contains(Sample.Id(99).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Event_IsNotSent_IfItsPublisherLeftBeforeItsBatch()
    {
        var (transport, gate, started) = (new MemoryTransport(), new TaskCompletionSource(), new TaskCompletionSource());
        transport.Behave = async (_, store) =>
        {
            started.TrySetResult();
            await gate.Task;
            store();
        };
        await using var publisher = Sample.Publisher(transport);
        var first = publisher.PublishAsync(Sample.Outcome(1), default).AsTask();
        await started.Task;
        using var leaving = new CancellationTokenSource();
        var second = publisher.PublishAsync(Sample.Outcome(2), leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.SetResult();
        await first;
        var third = await publisher.PublishAsync(Sample.Outcome(3), default);
        Assert.Equal(3, third.Number);
    }

    [Fact]
    public async Task Batches_StayInTheirBounds_OfEventsAndBytes()
    {
        var (transport, gate) = (new MemoryTransport(), new TaskCompletionSource());
        transport.Behave = async (_, store) =>
        {
            await gate.Task;
            store();
        };
        await using var publisher = Sample.Publisher(transport, o => (o.MaxBatchEvents, o.MaxBatchBytes) = (50, 600_000));
        var large = Sample.Decision(1);
        large = large with { Decision = large.Decision with { Resource = new string('x', 100_000) } };
        var all = Enumerable.Range(0, 60).Select(i => publisher.PublishAsync(i % 4 == 0 ? large with { Id = Sample.Id(i) } : Sample.Outcome(i), default).AsTask()).ToArray();
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.All(transport.Attempts, a => Assert.InRange(a.Events.Length, 1, 50));
        Assert.All(transport.Attempts, a => Assert.InRange(a.Events.Sum(e => e.Length), 1, 600_000));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await publisher.PublishAsync(large with { Decision = large.Decision with { Resource = new string('x', 300_000) } }, default));
    }

    [Fact]
    public async Task Source_StartsAnew_AfterADayOfSilence()
    {
        var (transport, time) = (new MemoryTransport(), new FakeTimeProvider());
        await using var publisher = Sample.Publisher(transport, time: time);
        var first = await publisher.PublishAsync(Sample.Outcome(1), default);
        time.Advance(TimeSpan.FromHours(25));
        var next = await publisher.PublishAsync(Sample.Outcome(2), default);
        Assert.NotEqual(first.Source, next.Source);
    }

    [Fact]
    public async Task PersonalPart_IsSealed_AndAnOutageOfItsKeysRefusesTheEvent()
    {
        var (transport, store) = (new MemoryTransport(), new MemorySubjectKeys());
        await using var publisher = Sample.Publisher(transport, store: store);
        var personal = new PersonalPart("acme", "alice", "{\"subject\":\"alice@example.com\"}"u8.ToArray());
        await publisher.PublishAsync(Sample.Decision(1) with { Personal = personal }, default);
        Assert.DoesNotContain("alice", Encoding.UTF8.GetString(transport.Stored[^1].Body), StringComparison.Ordinal);
        Assert.NotNull(EventReader.Read(transport.Stored[^1].Body, out _)!.Personal);
        store.Fault = new IOException("out of reach");
        await Assert.ThrowsAsync<AuditUnavailableException>(async () =>
            await publisher.PublishAsync(Sample.Decision(2) with { Personal = personal with { Subject = "bob" } }, default));
    }

    [Fact]
    public async Task Publishing_Fails_AfterDisposal()
    {
        var publisher = Sample.Publisher(new MemoryTransport());
        await publisher.DisposeAsync();
        await Assert.ThrowsAsync<AuditUnavailableException>(async () => await publisher.PublishAsync(Sample.Outcome(1), default));
        await publisher.DisposeAsync();
    }

    private static void AssertChain(List<byte[]> bodies, int count)
    {
        Assert.Equal(count, bodies.Count);
        MerkleHash? previous = null;
        for (var i = 0; i < bodies.Count; i++)
        {
            Assert.True(EventEnvelope.TryRead(bodies[i], out var envelope));
            Assert.Equal((i + 1, previous), (envelope.Number, envelope.Previous));
            previous = MerkleHash.OfLeaf(bodies[i]);
        }
    }

    /// <summary>The lane waits for at most a second between attempts; one attempt may take five.</summary>
    private static Task DriveAsync(SteppedTime time, Task task) => time.DriveAsync(task, TimeSpan.FromSeconds(1));
}
