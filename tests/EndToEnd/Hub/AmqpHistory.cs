using Amqp;
using Amqp.Types;
using Proofgate.Audit.Streaming;

namespace Proofgate.EndToEnd.Hub;

/// <summary>What functions/AuditWriter asks of the hub, over AMQPNetLite.</summary>
internal sealed class AmqpHistory(AmqpHub hub) : IRemoteHistory
{
    public async Task<StreamIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var found = await hub.ReadAsync("com.microsoft:eventhub", cancellationToken);
        return new StreamIdentity($"127.0.0.1/{found["name"]}", new DateTimeOffset((DateTime)found["created_at"]));
    }

    public async Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken)
    {
        var link = await hub.ReceiverAsync("history", partition, from, cancellationToken);
        var records = new List<StreamRecord>();
        try
        {
            while (true)
            {
                var record = RecordOf(await ReceiveAsync(link, cancellationToken) ?? throw new TimeoutException("The hub did not send what it has."));
                if (record.Sequence >= before)
                {
                    return records;
                }

                records.Add(record);
            }
        }
        finally
        {
            link.Close(TimeSpan.Zero);
        }
    }

    internal static async Task<Message?> ReceiveAsync(ReceiverLink link, CancellationToken cancellationToken)
    {
        var message = await link.ReceiveAsync(TimeSpan.FromSeconds(10)).WaitAsync(cancellationToken);
        if (message is not null)
        {
            link.Accept(message);
        }

        return message;
    }

    internal static StreamRecord RecordOf(Message message) => new(
        (long)message.MessageAnnotations[new Symbol("x-opt-sequence-number")],
        new DateTimeOffset((DateTime)message.MessageAnnotations[new Symbol("x-opt-enqueued-time")]),
        (byte[])message.Body);
}
