using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Proofgate.Audit;

namespace Proofgate.EventHubs;

/// <summary>
/// One batch to the hub. It stays together: what is larger than the service takes fails whole. Which failure means what is the publisher's to
/// judge, so the client must not retry by itself.
/// </summary>
public sealed class EventHubTransport(EventHubProducerClient producer) : IAuditTransport
{
    public Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken) =>
        producer.SendAsync(events.Select(static body => new EventData(body)), new SendEventOptions { PartitionKey = partitionKey }, cancellationToken);
}
