using System.Buffers;
using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>OpenAI's error in a stream of chunks: its SDKs raise it.</summary>
internal static class OpenAiFault
{
    internal static void Write(IBufferWriter<byte> output, StreamFault fault)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, fault.Message);
        writer.WriteString("type"u8, "server_error"u8);
        writer.WriteNull("param"u8);
        writer.WriteString("code"u8, fault.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
