using System.Text;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Producer;
using Proofgate.EventHubs;
using Proofgate.Support;

namespace Proofgate.Functions.Tests.EventHubs;

/// <summary>The .NET client, and the transport over it, against the local hub: hub.md.</summary>
public sealed class LocalHubTests : IAsyncLifetime, IDisposable
{
    private static readonly EventHubsRetryOptions Once = new() { MaximumRetries = 0, TryTimeout = TimeSpan.FromSeconds(5) };

    private readonly TemporaryFolder _folder = new();
    private HubProcess _hub = null!;

    public async Task InitializeAsync() => _hub = await HubProcess.StartAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Batches_ArriveWholeAndInOrder_UnderTheirKey()
    {
        await using var producer = Producer();
        var transport = new EventHubTransport(producer);
        await transport.SendAsync("source", [Bytes("1")], default);
        await transport.SendAsync("source", [Bytes("2"), Bytes("3"), Bytes("4")], default);
        var partition = (await Task.WhenAll((await producer.GetPartitionIdsAsync()).Select(id => producer.GetPartitionPropertiesAsync(id)))).Single(static p => !p.IsEmpty).Id;

        var events = await ReadAsync(partition, EventPosition.Earliest, 4);
        Assert.Equal(["1", "2", "3", "4"], events.Select(static e => e.Data.EventBody.ToString()));
        Assert.Equal([0, 1, 2, 3], events.Select(static e => e.Data.SequenceNumber));
        Assert.All(events, static e => Assert.Equal("source", e.Data.PartitionKey));
        Assert.Equal(["3", "4"], Texts(await ReadAsync(partition, EventPosition.FromSequenceNumber(2), 2)));
        Assert.Equal(["4"], Texts(await ReadAsync(partition, EventPosition.FromSequenceNumber(2, isInclusive: false), 1)));
        Assert.Equal(["3", "4"], Texts(await ReadAsync(partition, EventPosition.FromOffset(events[2].Data.OffsetString), 2)));
        Assert.Equal(["4"], Texts(await ReadAsync(partition, EventPosition.FromOffset(events[2].Data.OffsetString, isInclusive: false), 1)));
        Assert.Equal("1", Texts(await ReadAsync(partition, EventPosition.FromEnqueuedTime(events[0].Data.EnqueuedTime.AddMilliseconds(-1)), 4))[0]);
    }

    [Fact]
    public async Task Batch_IsAsLargeAsTheServiceTakes_AndWhatIsLargerIsRefused()
    {
        await using var producer = Producer();
        using var batch = await producer.CreateBatchAsync(new CreateBatchOptions { PartitionId = "1" });
        Assert.Equal(1 << 20, batch.MaximumSizeInBytes);
        while (batch.TryAdd(new EventData(new byte[10_000])))
        {
        }

        await producer.SendAsync(batch);
        Assert.Equal(batch.Count, (await ReadAsync("1", EventPosition.Earliest, batch.Count)).Count);
        var refused = await Assert.ThrowsAsync<EventHubsException>(() => producer.SendAsync([new EventData(new byte[1_100_000])]));
        Assert.Equal(EventHubsException.FailureReason.MessageSizeExceeded, refused.Reason);
    }

    [Fact]
    public async Task Properties_AreTold()
    {
        await using var producer = Producer();
        var hub = await producer.GetEventHubPropertiesAsync();
        Assert.Equal(("audit", 2), (hub.Name, hub.PartitionIds.Length));
        Assert.InRange(hub.CreatedOn, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.True((await producer.GetPartitionPropertiesAsync("0")).IsEmpty);
        await producer.SendAsync([new EventData("x")], new SendEventOptions { PartitionId = "0" });
        Assert.Equal(0, (await producer.GetPartitionPropertiesAsync("0")).LastEnqueuedSequenceNumber);
        var read = await ReadAsync("0", EventPosition.Earliest, 1, new ReadEventOptions { TrackLastEnqueuedEventProperties = true });
        Assert.Equal(0, read[0].Partition.ReadLastEnqueuedEventProperties().SequenceNumber);
    }

    [Fact]
    public async Task HigherOwner_TakesThePartition_AndTheOtherIsDisconnected()
    {
        await using var producer = Producer();
        await using var low = Receiver(1);
        await producer.SendAsync([new EventData("x")], new SendEventOptions { PartitionId = "0" });
        Assert.Single(await low.ReceiveBatchAsync(10, TimeSpan.FromSeconds(5)));
        await using var high = Receiver(2);
        Assert.Single(await high.ReceiveBatchAsync(10, TimeSpan.FromSeconds(5)));
        var stolen = await Assert.ThrowsAsync<EventHubsException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await low.ReceiveBatchAsync(10, TimeSpan.FromSeconds(1));
            }
        });
        Assert.Equal(EventHubsException.FailureReason.ConsumerDisconnected, stolen.Reason);
        await using var late = Receiver(1);
        stolen = await Assert.ThrowsAsync<EventHubsException>(() => late.ReceiveBatchAsync(10, TimeSpan.FromSeconds(5)));
        Assert.Equal(EventHubsException.FailureReason.ConsumerDisconnected, stolen.Reason);
    }

    [Fact]
    public async Task Errors_AreThoseOfTheService()
    {
        await using var nobody = new EventHubProducerClient(_hub.ConnectionString, "nobody", new EventHubProducerClientOptions { RetryOptions = Once });
        Assert.Equal(
            EventHubsException.FailureReason.ResourceNotFound, (await Assert.ThrowsAsync<EventHubsException>(() => nobody.SendAsync([new EventData("x")]))).Reason);
        await using var stranger = new EventHubProducerClient(
            _hub.ConnectionString.Replace("SAS_KEY_VALUE", "another", StringComparison.Ordinal), "audit", new EventHubProducerClientOptions { RetryOptions = Once });
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.SendAsync([new EventData("x")]));
    }

    private EventHubProducerClient Producer() => new(_hub.ConnectionString, "audit", new EventHubProducerClientOptions { RetryOptions = Once });

    private PartitionReceiver Receiver(long owner) => new(
        "$Default", "0", EventPosition.Earliest, _hub.ConnectionString, "audit", new PartitionReceiverOptions { OwnerLevel = owner, RetryOptions = Once });

    private async Task<List<PartitionEvent>> ReadAsync(string partition, EventPosition position, int count, ReadEventOptions? options = null)
    {
        await using var consumer = new EventHubConsumerClient("history", _hub.ConnectionString, "audit");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var events = new List<PartitionEvent>();
        await foreach (var next in consumer.ReadEventsFromPartitionAsync(partition, position, options ?? new ReadEventOptions(), late.Token))
        {
            events.Add(next);
            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }

    private static List<string> Texts(List<PartitionEvent> events) => events.ConvertAll(static e => e.Data.EventBody.ToString());

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
