using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Events;

/// <summary>
/// The canonical form, schema version 1 (README.md in this room). An event is written once, in two parts: the tail, from <c>time</c> on, by
/// its publisher, and the head, from <c>v</c> to <c>prev</c>, when its batch is sealed and its number is known.
/// </summary>
internal static class EventWriter
{
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    internal const int TimeLength = 27;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly SearchValues<char> TraceDigits = SearchValues.Create("0123456789abcdef");

    [ThreadStatic]
    private static Utf8JsonWriter? _cached;

    /// <summary>Writes the tail, beginning with the comma that joins it to the head.</summary>
    internal static void WriteTail(PooledBuffer buffer, AuditEvent auditEvent, in SealedPart? personal)
    {
        var writer = _cached ??= new Utf8JsonWriter(Stream.Null, Options);
        var start = buffer.Length;
        writer.Reset(buffer);
        try
        {
            writer.WriteStartObject();
            Time(writer, "time"u8, auditEvent.Time);
            writer.WriteString("kind"u8, EventKinds.Of(auditEvent));
            if (auditEvent.CorrelationId is { } correlation)
                writer.WriteString("corr"u8, correlation.Value);
            else
                writer.WriteNull("corr"u8);
            writer.WriteString("trace"u8, Trace(auditEvent.TraceId));
            EventBodyWriter.Write(writer, auditEvent);
            Sealed(writer, personal);
            writer.WriteEndObject();
            writer.Flush();
        }
        finally
        {
            writer.Reset(Stream.Null);
        }

        buffer.WrittenSpan[start] = (byte)',';
    }

    /// <summary>
    /// Writes the head into <paramref name="destination"/> (at least <see cref="Publishing.EventLimits.MaxHeadBytes"/> long).
    /// <paramref name="previous"/> is the leaf hash of the source's previous event; null for its first.
    /// </summary>
    internal static int WriteHead(Span<byte> destination, AuditId id, SourceId source, long number, MerkleHash? previous)
    {
        var at = 0;
        Put(destination, ref at, "{\"v\":1,\"id\":\""u8);
        Utf8Formatter.TryFormat(id.Value, destination[at..], out var written, 'D');
        at += written;
        Put(destination, ref at, "\",\"src\":\""u8);
        Span<byte> bytes = stackalloc byte[MerkleHash.Size];
        source.Write(bytes);
        Hex.Write(bytes[..SourceId.Size], destination[at..]);
        at += SourceId.TextLength;
        Put(destination, ref at, "\",\"n\":"u8);
        Utf8Formatter.TryFormat(number, destination[at..], out written);
        at += written;
        if (previous is { } hash)
        {
            Put(destination, ref at, ",\"prev\":\""u8);
            hash.CopyTo(bytes);
            Hex.Write(bytes, destination[at..]);
            at += 2 * MerkleHash.Size;
            destination[at++] = (byte)'"';
        }
        else
        {
            Put(destination, ref at, ",\"prev\":null"u8);
        }

        return at;
    }

    internal static void Time(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[27];
        time.UtcDateTime.TryFormat(text, out var written, TimeFormat, CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..written]);
    }

    /// <summary>A trace id comes from the caller's header: anything but its exact form is left out.</summary>
    private static string? Trace(string? trace) =>
        trace is { Length: 32 } && trace.AsSpan().IndexOfAnyExcept(TraceDigits) < 0 ? trace : null;

    private static void Sealed(Utf8JsonWriter writer, in SealedPart? personal)
    {
        if (personal is not { } part)
        {
            writer.WriteNull("sealed"u8);
            return;
        }

        writer.WriteStartObject("sealed"u8);
        writer.WriteString("key"u8, part.KeyId);
        Base64(writer, "iv"u8, part.Nonce);
        Base64(writer, "data"u8, part.Data);
        writer.WriteEndObject();
    }

    private static void Base64(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Base64Url.GetEncodedLength(bytes.Length));
        Base64Url.EncodeToUtf8(bytes, rented, out _, out var written);
        writer.WriteString(name, rented.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Put(Span<byte> destination, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination[at..]);
        at += text.Length;
    }
}
