using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>
/// An event as a record holds it: the encoded message as its sender wrote it, with the batch's partition key among its annotations. What the
/// service says of an event (place, time) is put before it when it is delivered.
/// </summary>
internal static class StoredEvent
{
    internal const string SequenceNumber = "x-opt-sequence-number";
    internal const string Offset = "x-opt-offset";
    internal const string EnqueuedTime = "x-opt-enqueued-time";
    internal const string PartitionKey = "x-opt-partition-key";

    private static readonly string[] Reserved = [SequenceNumber, Offset, EnqueuedTime];

    /// <summary>Null if it is no message.</summary>
    internal static byte[]? TryMake(ReadOnlySpan<byte> message, string? partitionKey)
    {
        if (!MessageSections.TryRead(message, out var sections) || TryReadAnnotations(message[sections.Annotations]) is not { } annotations)
            return null;
        foreach (var name in Reserved)
            annotations.Map.Remove(new Symbol(name));
        if (partitionKey is not null)
            annotations[new Symbol(PartitionKey)] = partitionKey;
        return Join(message[sections.Header], null, annotations.Map.Count == 0 ? null : annotations, message[sections.Rest]);
    }

    /// <summary>The message as a receiver gets it.</summary>
    internal static byte[] Deliver(ReadOnlySpan<byte> stored, long sequence, DateTimeOffset enqueuedAt, DeliveryAnnotations? metrics)
    {
        if (!MessageSections.TryRead(stored, out var sections) || TryReadAnnotations(stored[sections.Annotations]) is not { } annotations)
            throw new InvalidDataException($"Record {sequence} is no message: it was not written by this broker.");
        annotations[new Symbol(SequenceNumber)] = sequence;
        annotations[new Symbol(Offset)] = HubOffset.Of(sequence);
        annotations[new Symbol(EnqueuedTime)] = enqueuedAt.UtcDateTime;
        return Join(stored[sections.Header], metrics, annotations, stored[sections.Rest]);
    }

    /// <summary>The annotations of a whole message, empty ones if it has none; null if they cannot be read.</summary>
    internal static MessageAnnotations? TryReadAnnotations(ReadOnlySpan<byte> section)
    {
        if (section.IsEmpty)
            return new MessageAnnotations();
        try
        {
            var bytes = section.ToArray();
            return Message.Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length)).MessageAnnotations;
        }
        catch (Exception e) when (e is AmqpException or ArgumentException or InvalidCastException or IndexOutOfRangeException or InvalidOperationException)
        {
            // What the library throws for bytes that are none of its types is not one exception.
            return null;
        }
    }

    /// <summary>Section by section: the library's message would add a body of its own where it has none.</summary>
    private static byte[] Join(ReadOnlySpan<byte> header, DeliveryAnnotations? metrics, MessageAnnotations? annotations, ReadOnlySpan<byte> rest)
    {
        var middle = new ByteBuffer(256, true);
        metrics?.Encode(middle);
        annotations?.Encode(middle);
        var joined = new byte[header.Length + middle.Length + rest.Length];
        header.CopyTo(joined);
        middle.Buffer.AsSpan(middle.Offset, middle.Length).CopyTo(joined.AsSpan(header.Length));
        rest.CopyTo(joined.AsSpan(header.Length + middle.Length));
        return joined;
    }
}
