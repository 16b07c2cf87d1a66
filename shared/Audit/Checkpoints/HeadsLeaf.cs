using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// A leaf of the super-log: at this time these were the newest checkpoints of all partitions. Spelled
/// <c>{"v":1,"kind":"heads","time":...,"logs":[{"log":...,"size":...,"root":hex}]}</c>, ordered by name.
/// </summary>
public sealed record HeadsLeaf(DateTimeOffset Time, IReadOnlyList<LogHead> Logs)
{
    internal byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WriterLeafFormat.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, 1);
            json.WriteString("kind"u8, "heads"u8);
            EventWriter.Time(json, "time"u8, Time);
            json.WriteStartArray("logs"u8);
            foreach (var head in Logs.OrderBy(static l => l.Log, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("log"u8, head.Log);
                json.WriteNumber("size"u8, head.Size);
                json.WriteString("root"u8, head.Root.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Null where the bytes are not such a leaf in its one spelling.</summary>
    public static HeadsLeaf? TryRead(ReadOnlySpan<byte> leaf)
    {
        try
        {
            var json = new StrictJson(leaf);
            json.StartObject();
            if (json.Number("v"u8) != 1 || json.Text("kind"u8) != "heads")
                return null;
            var time = json.Time("time"u8);
            json.StartArray("logs"u8);
            var heads = new List<LogHead>();
            while (json.NextObject())
            {
                var (log, size, root) = (json.Text("log"u8), json.Number("size"u8), json.Text("root"u8));
                heads.Add(new LogHead(log, size, new MerkleHash(Convert.FromHexString(root))));
                json.EndObject();
            }

            json.EndObject();
            json.End();
            var read = new HeadsLeaf(time, heads);
            return leaf.SequenceEqual(read.ToBytes()) ? read : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    internal string Minute => Time.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
}
