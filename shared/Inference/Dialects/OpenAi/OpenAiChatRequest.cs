using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>A chat completion request as it was parsed, once. Members that we do not need are sent on byte for byte.</summary>
internal sealed class OpenAiChatRequest(JsonDocument document, bool usageAsked, bool stopsChosen) : InferenceRequest
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Whether the client wants the usage event of a stream; we ask for it always.</summary>
    internal bool UsageAsked => usageAsked;

    /// <summary>Whether the caller chose stop sequences: then <c>stop</c> can mean that the answer was cut where the caller wanted.</summary>
    internal bool StopsChosen => stopsChosen;

    public override void VisitTexts(ReadOnlySpanAction<char, object?> inspect, object? state) =>
        TextSlots.Visit(document.RootElement, inspect, state);

    public override void WriteUpstream(IBufferWriter<byte> output, string upstreamModel)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("model"u8))
            {
                writer.WriteString("model"u8, upstreamModel);
            }
            else if (!member.NameEquals("store"u8) && !member.NameEquals("stream_options"u8) && !member.NameEquals("proofgate"u8))
            {
                WriteRaw(writer, member);
            }
        }

        // All callers share one upstream account: nothing of a call may stay there.
        writer.WriteBoolean("store"u8, false);
        if (Stream)
        {
            WriteStreamOptions(writer);
        }

        writer.WriteEndObject();
    }

    public override void Dispose() => document.Dispose();

    private void WriteStreamOptions(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("stream_options"u8);
        if (document.RootElement.TryGetProperty("stream_options"u8, out var asked) && asked.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in asked.EnumerateObject())
            {
                if (!member.NameEquals("include_usage"u8))
                {
                    WriteRaw(writer, member);
                }
            }
        }

        writer.WriteBoolean("include_usage"u8, true);
        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonProperty member)
    {
        writer.WritePropertyName(member.Name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
    }
}
