using System.Buffers;
using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tenants;

/// <summary>
/// What a tenant's export says of itself, in <c>tenant.json</c>, which is written last: the tenant, and for each log the size of the checkpoint that its proofs
/// lead to and the number of the tenant's events. Nobody signs it: it shows that files are missing, and not that the exporter gave all.
/// </summary>
public sealed record TenantManifest(string Tenant, IReadOnlyList<TenantManifest.Log> Logs)
{
    public const string Path = "tenant.json";

    internal const int MaxBytes = 16 << 20;

    public sealed record Log(string Name, long Size, long Events);

    /// <summary>Where an event of an export stands.</summary>
    public static string PathOf(string log, long index) => FormattableString.Invariant($"{log}/events/{index}{Suffix}");

    internal const string Suffix = ".tlog-proof";

    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WriterLeafFormat.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, 1);
            json.WriteString("kind"u8, "tenant"u8);
            json.WriteString("tenant"u8, Tenant);
            json.WriteStartArray("logs"u8);
            foreach (var log in Logs.OrderBy(static l => l.Name, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("log"u8, log.Name);
                json.WriteNumber("size"u8, log.Size);
                json.WriteNumber("events"u8, log.Events);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Null where the bytes are no manifest in its one spelling.</summary>
    public static TenantManifest? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = new StrictJson(bytes);
            json.StartObject();
            if (json.Number("v"u8) != 1 || json.Text("kind"u8) != "tenant")
                return null;
            var tenant = json.Text("tenant"u8);
            json.StartArray("logs"u8);
            var logs = new List<Log>();
            while (json.NextObject())
            {
                logs.Add(new Log(json.Text("log"u8), json.Number("size"u8), json.Number("events"u8)));
                json.EndObject();
            }

            json.EndObject();
            json.End();
            var read = new TenantManifest(tenant, logs);
            return bytes.SequenceEqual(read.ToBytes()) && logs.TrueForAll(static l => l is { Size: >= 0, Events: >= 0 }) && logs.DistinctBy(static l => l.Name).Count() == logs.Count
                ? read
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
