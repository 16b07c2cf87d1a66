using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Events;

/// <summary>
/// The fields that every event begins with. This is all that the ledger's writer reads: bytes that have an envelope and are one JSON object are
/// an event, whatever its kind says; all others are opaque. The rule never changes, because a ledger made again must have the same leaves.
/// </summary>
internal readonly record struct EventEnvelope
{
    internal required AuditId Id { get; init; }

    internal required SourceId Source { get; init; }

    internal required long Number { get; init; }

    internal required MerkleHash? Previous { get; init; }

    internal required DateTimeOffset Time { get; init; }

    internal required string Kind { get; init; }

    internal required AuditId? Correlation { get; init; }

    internal required string? TraceId { get; init; }

    /// <summary>Bytes of the envelope; the fields of the kind follow.</summary>
    internal required int Length { get; init; }

    internal static bool TryRead(ReadOnlySpan<byte> body, out EventEnvelope envelope) => TryReadHead(body, out envelope) && IsOneObject(body);

    /// <summary>Reads the envelope alone. The bytes are an event only if <see cref="IsOneObject"/> holds too.</summary>
    internal static bool TryReadHead(ReadOnlySpan<byte> body, out EventEnvelope envelope)
    {
        envelope = default;
        var cursor = new EnvelopeCursor(body);
        if (!cursor.Take("{\"v\":1,\"id\":\""u8) || !cursor.TakeGuid(out var id)
            || !cursor.Take("\",\"src\":\""u8) || !SourceId.TryParse(cursor.Slice(SourceId.TextLength), out var source)
            || !cursor.Take("\",\"n\":"u8) || !cursor.TakeNumber(out var number)
            || !cursor.Take(",\"prev\":"u8) || !TryHash(ref cursor, out var previous)
            || !cursor.Take(",\"time\":\""u8) || !TryTime(cursor.Slice(EventWriter.TimeLength), out var time)
            || !cursor.Take("\",\"kind\":\""u8) || !cursor.TakeKind(out var kind)
            || !cursor.Take("\",\"corr\":"u8) || !TryCorrelation(ref cursor, out var correlation)
            || !cursor.Take(",\"trace\":"u8) || !TryTrace(ref cursor, out var trace)
            || !cursor.At((byte)','))
        {
            return false;
        }

        envelope = new EventEnvelope
        {
            Id = id,
            Source = source,
            Number = number,
            Previous = previous,
            Time = time,
            Kind = kind,
            Correlation = correlation,
            TraceId = trace,
            Length = cursor.Position,
        };
        return true;
    }

    internal static bool TryTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        Span<char> chars = stackalloc char[EventWriter.TimeLength];
        time = default;
        return text.Length == EventWriter.TimeLength
            && Ascii.ToUtf16(text, chars, out _) == OperationStatus.Done
            && DateTimeOffset.TryParseExact(chars, EventWriter.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static bool TryHash(ref EnvelopeCursor cursor, out MerkleHash? hash)
    {
        hash = null;
        if (cursor.Take("null"u8))
            return true;
        Span<byte> bytes = stackalloc byte[MerkleHash.Size];
        if (!cursor.Take("\""u8) || !Hex.TryRead(cursor.Slice(2 * MerkleHash.Size), bytes) || !cursor.Take("\""u8))
            return false;
        hash = new MerkleHash(bytes);
        return true;
    }

    private static bool TryCorrelation(ref EnvelopeCursor cursor, out AuditId? id)
    {
        id = null;
        if (cursor.Take("null"u8))
            return true;
        if (!cursor.Take("\""u8) || !cursor.TakeGuid(out var read) || !cursor.Take("\""u8))
            return false;
        id = read;
        return true;
    }

    private static bool TryTrace(ref EnvelopeCursor cursor, out string? trace)
    {
        trace = null;
        if (cursor.Take("null"u8))
            return true;
        Span<byte> bytes = stackalloc byte[16];
        if (!cursor.Take("\""u8))
            return false;
        var text = cursor.Slice(32);
        if (!Hex.TryRead(text, bytes) || !cursor.Take("\""u8))
            return false;
        trace = Encoding.ASCII.GetString(text);
        return true;
    }

    internal static bool IsOneObject(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
            return false;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
