using System.Globalization;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Streaming;
using Proofgate.EventHubs;

namespace Proofgate.AuditWriter;

/// <summary>
/// What the hub still holds. In a consumer group of its own: the trigger reads exclusively in its group.
/// </summary>
internal sealed class HubHistory(EventHubConnection connection, IOptions<EventHubsOptions> options) : IRemoteHistory, IAsyncDisposable
{
    private readonly EventHubConsumerClient _consumer = new(options.Value.HistoryGroup, connection);

    public async Task<StreamIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var hub = await _consumer.GetEventHubPropertiesAsync(cancellationToken);
        return new StreamIdentity($"{_consumer.FullyQualifiedNamespace}/{hub.Name}", hub.CreatedOn);
    }

    /// <summary>A record at or after <paramref name="before"/> exists whenever this is asked, so the reading ends without waiting.</summary>
    public async Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken)
    {
        var records = new List<StreamRecord>();
        var read = _consumer.ReadEventsFromPartitionAsync(
            partition.ToString(CultureInfo.InvariantCulture), EventPosition.FromSequenceNumber(from, isInclusive: true), cancellationToken);
        await foreach (var next in read)
        {
            if (next.Data.SequenceNumber >= before)
            {
                break;
            }

            records.Add(Delivery.RecordOf(next.Data));
        }

        return records;
    }

    public ValueTask DisposeAsync() => _consumer.DisposeAsync();
}
