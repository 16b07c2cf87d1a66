using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Ledger;

/// <summary>The spelling of writer's leaves.</summary>
internal static class WriterLeafFormat
{
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(Utf8JsonWriter writer, WriterLeaf leaf)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, 1);
        switch (leaf)
        {
            case WriterLeaf.Epoch epoch:
                writer.WriteString("kind"u8, "epoch"u8);
                writer.WriteString("hub"u8, epoch.Log.Hub);
                writer.WriteNumber("partition"u8, epoch.Log.Partition);
                writer.WriteNumber("epoch"u8, epoch.Log.Epoch);
                Stream(writer, epoch.Stream, epoch.From);
                writer.WriteNumber("expireAfter"u8, epoch.ExpireAfterSeconds);
                writer.WriteString("cause"u8, epoch.Cause);
                if (epoch.PreviousSize is { } size && epoch.PreviousRoot is { } root)
                {
                    writer.WriteStartObject("previous"u8);
                    writer.WriteNumber("size"u8, size);
                    writer.WriteString("root"u8, root.ToString());
                    writer.WriteEndObject();
                }
                else
                {
                    writer.WriteNull("previous"u8);
                }

                break;
            case WriterLeaf.Closed closed:
                writer.WriteString("kind"u8, "closed"u8);
                writer.WriteString("cause"u8, closed.Cause);
                Stream(writer, closed.NextStream, closed.NextFrom);
                break;
            case WriterLeaf.Gap gap:
                writer.WriteString("kind"u8, "gap"u8);
                writer.WriteNumber("first"u8, gap.First);
                writer.WriteNumber("last"u8, gap.Last);
                break;
            case WriterLeaf.Opaque opaque:
                writer.WriteString("kind"u8, "opaque"u8);
                writer.WriteNumber("bytes"u8, opaque.Bytes);
                writer.WriteNull("sha256"u8);
                break;
            case WriterLeaf.Unstored unstored:
                writer.WriteString("kind"u8, "opaque"u8);
                writer.WriteNumber("bytes"u8, unstored.Bytes);
                writer.WriteString("sha256"u8, unstored.Digest.ToString());
                break;
            case WriterLeaf.Conflict conflict:
                writer.WriteString("kind"u8, "conflict"u8);
                writer.WriteString("src"u8, conflict.Source.ToString());
                writer.WriteNumber("n"u8, conflict.Number);
                writer.WriteNumber("highest"u8, conflict.Highest);
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>Null where the bytes are no such leaf. The caller compares the spelling.</summary>
    internal static WriterLeaf? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body.ToArray());
            var root = json.RootElement;
            return root.GetProperty("kind").GetString() switch
            {
                "epoch" => new WriterLeaf.Epoch(
                    new LogName(root.GetProperty("hub").GetString()!, root.GetProperty("partition").GetInt32(), root.GetProperty("epoch").GetInt32()),
                    Identity(root),
                    root.GetProperty("from").GetInt64(),
                    root.GetProperty("expireAfter").GetInt64(),
                    root.GetProperty("cause").GetString()!,
                    Previous(root) is { } size ? size.GetProperty("size").GetInt64() : null,
                    Previous(root) is { } hash ? Hash(hash.GetProperty("root")) : null),
                "closed" => new WriterLeaf.Closed(root.GetProperty("cause").GetString()!, Identity(root), root.GetProperty("from").GetInt64()),
                "gap" => new WriterLeaf.Gap(root.GetProperty("first").GetInt64(), root.GetProperty("last").GetInt64()),
                "opaque" when root.GetProperty("sha256").ValueKind == JsonValueKind.Null => new WriterLeaf.Opaque(root.GetProperty("bytes").GetInt64()),
                "opaque" => new WriterLeaf.Unstored(root.GetProperty("bytes").GetInt64(), Hash(root.GetProperty("sha256"))),
                "conflict" => new WriterLeaf.Conflict(
                    new SourceId(UInt128.Parse(root.GetProperty("src").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
                    root.GetProperty("n").GetInt64(),
                    root.GetProperty("highest").GetInt64()),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static void Stream(Utf8JsonWriter writer, StreamIdentity stream, long from)
    {
        writer.WriteString("stream"u8, stream.Name);
        EventWriter.Time(writer, "created"u8, stream.CreatedAt);
        writer.WriteNumber("from"u8, from);
    }

    private static StreamIdentity Identity(JsonElement root) => new(
        root.GetProperty("stream").GetString()!,
        DateTimeOffset.ParseExact(
            root.GetProperty("created").GetString()!, EventWriter.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private static JsonElement? Previous(JsonElement root) =>
        root.GetProperty("previous") is { ValueKind: JsonValueKind.Object } previous ? previous : null;

    private static MerkleHash Hash(JsonElement text) => new(Convert.FromHexString(text.GetString()!));
}
