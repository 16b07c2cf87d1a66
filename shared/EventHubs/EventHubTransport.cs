using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Proofgate.Audit;

namespace Proofgate.EventHubs;

/// <summary>
/// One batch to the hub. It stays together: what is larger than the service takes fails whole. Only what the service says it has not stored is
/// told as that; when to send again is the publisher's to judge, so the client must not retry by itself.
/// </summary>
public sealed class EventHubTransport(EventHubProducerClient producer) : IAuditTransport
{
    public async Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        try
        {
            await producer.SendAsync(events.Select(static body => new EventData(body)), new SendEventOptions { PartitionKey = partitionKey }, cancellationToken).ConfigureAwait(false);
        }
        catch (EventHubsException e) when (e.Reason == EventHubsException.FailureReason.ServiceBusy)
        {
            throw new AuditThrottledException("the hub has more to do than its throughput units allow.", e);
        }
        catch (EventHubsException e) when (e.Reason is EventHubsException.FailureReason.MessageSizeExceeded or EventHubsException.FailureReason.QuotaExceeded)
        {
            throw new AuditUnavailableException($"The hub refused a batch: {e.Reason}.", e);
        }
    }
}
