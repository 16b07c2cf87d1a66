using System.Buffers;

namespace Proofgate.Inference.Relay;

/// <summary>One event of a server-sent event stream (WHATWG HTML, 9.2). Data is one line: JSON that we wrote has no line breaks.</summary>
internal static class SseFrame
{
    internal static ReadOnlySpan<byte> Heartbeat => ": keep-alive\n\n"u8;

    /// <param name="output">Takes the frame.</param>
    /// <param name="name">Of the event: one word that has been looked at.</param>
    /// <param name="data">One line.</param>
    internal static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
        Write(output, data);
    }

    internal static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        output.Write("data: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }
}
