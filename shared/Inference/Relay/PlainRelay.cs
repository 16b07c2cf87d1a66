using System.Buffers;
using Microsoft.Extensions.Options;

namespace Proofgate.Inference.Relay;

/// <summary>Reads one whole answer, bounded, and gives what of it may be released.</summary>
public sealed class PlainRelay(IOptions<InferenceOptions> options)
{
    /// <exception cref="AnswerFormatException">The answer is too large or not what the protocol allows.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(UpstreamAnswer answer, IAnswerRewriter rewriter, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxAnswerBytes;
        var body = new ArrayBufferWriter<byte>(8192);
        int read;
        while ((read = await answer.Body.ReadAsync(body.GetMemory(8192), cancellationToken)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > limit)
            {
                throw new AnswerFormatException($"The upstream's answer is larger than {limit} bytes.");
            }
        }

        var output = new ArrayBufferWriter<byte>(body.WrittenCount + 256);
        rewriter.RewriteWhole(body.WrittenSpan, output);
        return output.WrittenMemory;
    }
}
