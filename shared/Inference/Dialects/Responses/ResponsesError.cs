using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>The error of a stream of typed events; its members are the event's own.</summary>
internal static class ResponsesError
{
    internal static void Write(Utf8JsonWriter writer, StreamFault fault, long sequence)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteString("code"u8, fault.Code);
        writer.WriteString("message"u8, fault.Message);
        writer.WriteNull("param"u8);
        writer.WriteNumber("sequence_number"u8, sequence);
        writer.WriteEndObject();
    }
}
