using System.Buffers;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference;

/// <summary>
/// Turns one upstream answer into what the caller may see. Stateful: one instance a call. Frames are whole SSE events, ready to be written.
/// </summary>
public interface IAnswerRewriter : IDisposable
{
    /// <summary>Rewrites one event's data of a stream.</summary>
    /// <exception cref="AnswerFormatException">The data is not what the protocol allows; nothing of it was written.</exception>
    StreamStep RewriteEvent(ReadOnlySpan<byte> data, IBufferWriter<byte> frames);

    /// <summary>Writes what is still held back when a stream ends before its time: live matches are masked.</summary>
    void CutShort(IBufferWriter<byte> frames);

    /// <summary>Rewrites a whole answer that is not streamed, or an upstream's error body.</summary>
    /// <exception cref="AnswerFormatException">The body is not what the protocol allows.</exception>
    void RewriteWhole(ReadOnlySpan<byte> body, IBufferWriter<byte> output);

    /// <summary>Writes the dialect's own in-band error, the last frame of a stream that ends before its time.</summary>
    void WriteFault(IBufferWriter<byte> frames, StreamFault fault);

    AnswerFacts Facts { get; }
}
