using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>Decides what becomes of each link that a client attaches.</summary>
internal sealed class HubContainer(HubOptions options, IReadOnlyDictionary<string, HubEntity> hubs, MemoryBudget memory, HubWork work, TimeProvider time) : IContainer
{
    private const uint RequestCredit = 50;
    private const string EpochProperty = "com.microsoft:epoch";
    private const string MetricCapability = "com.microsoft:enable-receiver-runtime-metric";
    private const string IdempotentCapability = "com.microsoft:idempotent-producer";

    private readonly HubRequests _requests = new(options, hubs, time);

    public X509Certificate2? ServiceCertificate => null;

    public IDictionary<string, TransportProvider> CustomTransports { get; } = new Dictionary<string, TransportProvider>();

    public Message CreateMessage(ByteBuffer buffer) => new HubMessage(buffer);

    public Link CreateLink(ListenerConnection connection, ListenerSession session, Attach attach) => new ListenerLink(session, attach);

    /// <summary>An exception becomes the error that the client is told; false: the answer follows.</summary>
    public bool AttachLink(ListenerConnection connection, ListenerSession session, Link link, Attach attach)
    {
        var to = (ListenerLink)link;
        var client = HubConnection.Of(connection);
        // The library's own answer repeats the client's; it lacks the size without which the JavaScript client rejects every batch in silence.
        var answer = new Attach
        {
            Source = attach.Source,
            Target = attach.Target,
            SndSettleMode = to.Role ? attach.SndSettleMode : SenderSettleMode.Settled,
            RcvSettleMode = ReceiverSettleMode.First,
            MaxMessageSize = (ulong)options.MaxMessageBytes,
            InitialDeliveryCount = attach.InitialDeliveryCount,
            Properties = attach.Properties,
            Handle = attach.Handle,
        };
        var address = HubAddress.Normalize(to.Role ? (attach.Target as Target)?.Address : (attach.Source as Source)?.Address);
        if (address is HubRequests.Claims or HubRequests.Management || address.EndsWith("/" + HubRequests.Management, StringComparison.Ordinal))
        {
            AttachRequests(to, client, address == HubRequests.Claims, (attach.Target as Target)?.Address);
            to.CompleteAttach(answer, null);
        }
        else
        {
            AttachHub(to, client, attach, answer, address);
        }

        return false;
    }

    private void AttachRequests(ListenerLink link, HubConnection client, bool isClaims, string? replyAddress)
    {
        if (link.Role)
            link.InitializeReceiver(RequestCredit, (_, message, _, _) => _ = AnswerAsync(link, client, (HubMessage)message, isClaims), this);
        else if (!client.TryAddReplyLink(link, replyAddress))
            throw new AmqpException(HubErrors.Full("The connection has as many links for replies as it may."));
    }

    private async Task AnswerAsync(ListenerLink link, HubConnection client, HubMessage message, bool isClaims)
    {
        try
        {
            link.DisposeMessage(message, new Accepted(), true);
            var bytes = message.Bytes.ToArray();
            var request = Message.Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length));
            await client.ReplyAsync(request, isClaims ? _requests.PutToken(client, request) : _requests.Read(request)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException or OperationCanceledException or InvalidCastException or ArgumentException or IndexOutOfRangeException)
        {
            // A request that cannot be read, or a client that has gone or does not take its answer: there is nobody to tell.
        }
    }

    private void AttachHub(ListenerLink link, HubConnection client, Attach attach, Attach answer, string address)
    {
        if (HubAddress.TryParse(address) is not { } place || !hubs.TryGetValue(place.Hub, out var hub) || link.Role != place.Group is null)
            throw new AmqpException(HubErrors.NoEntity(address));
        if (!client.MayUse(address, time.GetUtcNow()))
            throw new AmqpException(HubErrors.Unauthorized($"Unauthorized access. No valid token for '{address}' was shown on this connection."));
        int? partition = null;
        if (place.Partition is not null)
            partition = hub.TryParsePartition(place.Partition, out var number) ? number : throw new AmqpException(HubErrors.OutOfRange(hub.NoPartition(place.Partition)));

        if (link.Role)
        {
            if (Desires(attach, IdempotentCapability))
                throw new AmqpException(HubErrors.Unsupported("The local hub does not serve idempotent producers."));
            _ = new SendLink(link, hub, partition, options, memory, work);
            link.CompleteAttach(answer, null);
            return;
        }

        var position = StartPosition.TryRead((Source)attach.Source) ?? throw new AmqpException(HubErrors.Unsupported("The filter is none that the service knows."));
        var seats = hub.TryGetSeats(place.Group!, partition!.Value) ?? throw new AmqpException(HubErrors.NoEntity(address));
        var wantsMetrics = Desires(attach, MetricCapability);
        if (wantsMetrics)
            answer.OfferedCapabilities = [new Symbol(MetricCapability)];
        var reader = new ReceiveLink(link, hub, partition.Value, EpochOf(attach), wantsMetrics, time);
        if (seats.TryJoin(reader, out var leaving) is { } refusal)
            throw new AmqpException(refusal);
        link.Closed += (_, _) =>
        {
            reader.Stop();
            seats.Leave(reader);
        };
        _ = ReceiveAsync(link, hub, reader, partition.Value, position, answer, leaving);
    }

    private static async Task ReceiveAsync(
        ListenerLink link, HubEntity hub, ReceiveLink reader, int partition, StartPosition position, Attach answer, IReadOnlyList<ReceiveLink> leaving)
    {
        using var reading = reader;
        // Not on the connection's own thread: others are closed, and the place is looked for.
        await Task.Yield();
        foreach (var other in leaving)
        {
            other.Close(HubErrors.Stolen(
                $"New receiver '{reader.Name}' with higher epoch of '{reader.Epoch}' is created hence current receiver '{other.Name}' with epoch '{other.Epoch}' is getting disconnected. If you are recreating the receiver, make sure a higher epoch is used."));
        }

        try
        {
            var from = 0L;
            Error? refusal = null;
            try
            {
                from = await hub.ResolveAsync(partition, position, CancellationToken.None).ConfigureAwait(false);
            }
            catch (HubRefusalException e)
            {
                refusal = e.Error;
            }

            link.CompleteAttach(answer, refusal);
            reader.Attached();
            if (refusal is null)
                await reader.RunAsync(from).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
    }

    private static bool Desires(Attach attach, string capability) =>
        attach.DesiredCapabilities is { } desired && desired.Contains(new Symbol(capability));

    private static long? EpochOf(Attach attach) => attach.Properties is { } properties && properties.TryGetValue(new Symbol(EpochProperty), out var value)
        ? value switch { long l => l, int i => i, _ => throw new AmqpException(HubErrors.NotAllowed("An epoch is a long.")) }
        : null;
}
