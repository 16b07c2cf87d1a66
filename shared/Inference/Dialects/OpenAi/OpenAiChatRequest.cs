using System.Text.Json;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>A chat completion request.</summary>
internal sealed class OpenAiChatRequest(JsonDocument document, bool usageAsked, bool stopsChosen) : ForwardedRequest(document)
{
    /// <summary>Whether the client wants the usage event of a stream; we ask for it always.</summary>
    internal bool UsageAsked => usageAsked;

    /// <summary>Whether the caller chose stop sequences: then <c>stop</c> can mean that the answer was cut where the caller wanted.</summary>
    internal bool StopsChosen => stopsChosen;

    protected override string Said => "messages";

    protected override bool IsOurs(JsonProperty member) => member.NameEquals("store"u8) || member.NameEquals("stream_options"u8);

    protected override void WriteOurs(Utf8JsonWriter writer)
    {
        // All callers share one upstream account: nothing of a call may stay there.
        writer.WriteBoolean("store"u8, false);
        if (Stream)
        {
            WriteStreamOptions(writer);
        }
    }

    private void WriteStreamOptions(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("stream_options"u8);
        if (Root.TryGetProperty("stream_options"u8, out var asked) && asked.ValueKind == JsonValueKind.Object)
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
}
