using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>Anthropic's error in a stream: its SDKs raise it by the event's name.</summary>
internal static class AnthropicError
{
    internal static void Write(Utf8JsonWriter writer, StreamFault fault)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, "api_error"u8);
        writer.WriteString("message"u8, fault.Message);
        writer.WriteString("code"u8, fault.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
