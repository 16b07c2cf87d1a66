using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proofgate.Inference.Dialects;

/// <summary>A request as it was parsed, once. Members that the dialect does not govern are sent on byte for byte.</summary>
internal abstract class ForwardedRequest(JsonDocument document) : InferenceRequest
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    protected JsonElement Root => document.RootElement;

    public override void VisitTexts(ReadOnlySpanAction<char, object?> inspect, object? state) => TextSlots.Visit(document.RootElement, inspect, state);

    public override void WriteUpstream(IBufferWriter<byte> output, string upstreamModel)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        var named = false;
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("model"u8))
            {
                named = true;
                writer.WriteString("model"u8, upstreamModel);
            }
            else if (!member.NameEquals("proofgate"u8) && !IsOurs(member))
            {
                WriteMember(writer, member);
            }
        }

        if (!named)
        {
            writer.WriteString("model"u8, upstreamModel);
        }

        WriteOurs(writer);
        writer.WriteEndObject();
    }

    public override void Dispose() => document.Dispose();

    /// <summary>Whether a member of the body is ours to set, by <see cref="WriteOurs"/>.</summary>
    protected virtual bool IsOurs(JsonProperty member) => false;

    protected virtual void WriteMember(Utf8JsonWriter writer, JsonProperty member) => WriteRaw(writer, member);

    protected virtual void WriteOurs(Utf8JsonWriter writer)
    {
    }

    protected static void WriteRaw(Utf8JsonWriter writer, JsonProperty member)
    {
        writer.WritePropertyName(member.Name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
    }
}
