using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>A client that sends: each message, with all its events, is accepted when it is on disk. A link's messages keep their order.</summary>
internal sealed class SendLink
{
    /// <summary>The JavaScript client waits a whole second where it finds no credit.</summary>
    private const uint Credit = 300;

    /// <summary>One data section for each event, each a whole encoded message.</summary>
    private const uint BatchFormat = 0x80013700;

    private readonly ListenerLink _link;
    private readonly HubEntity _hub;
    private readonly int? _partition;
    private readonly HubOptions _options;
    private readonly MemoryBudget _memory;
    private readonly HubWork _work;
    private uint _turn;

    internal SendLink(ListenerLink link, HubEntity hub, int? partition, HubOptions options, MemoryBudget memory, HubWork work)
    {
        _link = link;
        _hub = hub;
        _partition = partition;
        _options = options;
        _memory = memory;
        _work = work;
        link.InitializeReceiver(Credit, static (_, message, _, self) => ((SendLink)self).Take((HubMessage)message), this);
    }

    private void Take(HubMessage message)
    {
        // Nothing may be thrown here: the library would close the whole connection.
        if (message.Bytes.Length > _options.MaxMessageBytes)
        {
            Answer(message, Refused(HubErrors.TooLarge(message.Bytes.Length, _options.MaxMessageBytes)));
        }
        else if (!_work.TryBegin())
        {
            Answer(message, Refused(HubErrors.ServerBusy("The local hub is closing.")));
        }
        else if (!_memory.TryTake(message.Bytes.Length))
        {
            _work.End();
            Answer(message, Refused(HubErrors.ServerBusy("More messages wait for the disk than the local hub may hold.")));
        }
        else
        {
            _ = StoreAsync(message);
        }
    }

    /// <summary>Runs to the partition's queue before it first waits, so that messages are stored in the order in which they came.</summary>
    private async Task StoreAsync(HubMessage message)
    {
        Outcome outcome;
        try
        {
            var (partition, events) = Read(message);
            await _hub.AppendAsync(partition, events).ConfigureAwait(false);
            outcome = new Accepted();
        }
        catch (HubRefusalException e)
        {
            outcome = Refused(e.Error);
        }
        catch (Exception e)
        {
            // Whether it is stored is unknown, and the client will send it again.
            outcome = Refused(HubErrors.Internal(e));
        }

        _memory.Return(message.Bytes.Length);
        Answer(message, outcome);
        _work.End();
    }

    private (int Partition, IReadOnlyList<ReadOnlyMemory<byte>> Events) Read(HubMessage message)
    {
        var bytes = message.Bytes.Span;
        if (!MessageSections.TryRead(bytes, out var sections) || StoredEvent.TryReadAnnotations(bytes[sections.Annotations]) is not { } annotations)
            throw new HubRefusalException(HubErrors.Malformed("The message is not encoded as AMQP 1.0 says."));
        var key = annotations[new Symbol(StoredEvent.PartitionKey)] as string;
        if (key is not null && _partition is not null)
            throw new HubRefusalException(HubErrors.NotAllowed("A partition key cannot be set when sending to a partition."));
        var partition = _partition
            ?? (key is null ? (int)(_turn++ % (uint)_hub.Stream.Partitions) : PartitionKeyHash.PartitionOf(key, _hub.Stream.Partitions));
        // A batch of one event may come as that event: .NET's does.
        if (message.Format != BatchFormat)
            return (partition, [Stored(bytes, null)]);
        var rest = bytes[sections.Rest];
        if (!MessageSections.TryReadBatch(rest, out var places))
            throw new HubRefusalException(HubErrors.Malformed("The batch holds something else than encoded events, or nothing."));
        var events = new ReadOnlyMemory<byte>[places.Count];
        for (var i = 0; i < events.Length; i++)
            events[i] = Stored(rest[places[i]], key);
        return (partition, events);
    }

    private static byte[] Stored(ReadOnlySpan<byte> message, string? key) =>
        StoredEvent.TryMake(message, key) ?? throw new HubRefusalException(HubErrors.Malformed("An event is not encoded as AMQP 1.0 says."));

    private void Answer(HubMessage message, Outcome outcome)
    {
        try
        {
            _link.DisposeMessage(message, outcome, true);
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException)
        {
            // The client has gone without waiting for the answer.
        }

        message.Dispose();
    }

    private static Rejected Refused(Error error) => new() { Error = error };
}
