using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Inference.Recognisers;

namespace Proofgate.Inference.Relay;

/// <summary>Reads one whole answer, bounded, and gives what of it may be released.</summary>
public sealed class PlainRelay(IOptions<InferenceOptions> options, IOptions<RecogniserOptions>? recogniser = null)
{
    /// <summary>After a recogniser has looked at it, where one is to.</summary>
    /// <exception cref="RecogniserUnavailableException">Nobody has looked at it: it may not go out.</exception>
    /// <exception cref="AnswerFormatException">The answer is too large or not what the protocol allows.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(
        AdmittedCall<InferenceCall> call, UpstreamAnswer answer, IAnswerRewriter rewriter, CancellationToken cancellationToken)
    {
        using var held = HeldAnswer.For(call, recogniser);
        var body = await ReadBodyAsync(answer, cancellationToken);
        if (held is not null)
        {
            held.TakeWhole(body.Span);
            await held.RecogniseAsync(rewriter, cancellationToken);
        }

        return Rewritten(body, rewriter);
    }

    /// <exception cref="AnswerFormatException">The answer is too large or not what the protocol allows.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(UpstreamAnswer answer, IAnswerRewriter rewriter, CancellationToken cancellationToken) =>
        Rewritten(await ReadBodyAsync(answer, cancellationToken), rewriter);

    private static ReadOnlyMemory<byte> Rewritten(ReadOnlyMemory<byte> body, IAnswerRewriter rewriter)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        rewriter.RewriteWhole(body.Span, output);
        return output.WrittenMemory;
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(UpstreamAnswer answer, CancellationToken cancellationToken)
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

        UpstreamEvents.RequireWithheld(body.WrittenSpan, answer.Withheld.Span);
        if (answer.IsSuccess && IsError(body.WrittenSpan))
        {
            throw new AnswerFormatException("The upstream answered with an error under a status of success.");
        }

        return body.WrittenMemory;
    }

    /// <summary>An error of any dialect, with nothing beside it that an answer has. A response that failed is an answer: it says so itself.</summary>
    private static bool IsError(ReadOnlySpan<byte> body)
    {
        var found = false;
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("choices"u8) || reader.ValueTextEquals("output"u8) || reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("data"u8))
                {
                    return false;
                }

                var named = reader.ValueTextEquals("error"u8);
                reader.Read();
                found |= named && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.String);
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever rewrites it will say so.
            return false;
        }

        return found;
    }
}
