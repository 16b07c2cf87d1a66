using System.Buffers;
using System.Text.Json;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Embeddings;

/// <summary>Rewrites lists of embeddings, which are never streamed.</summary>
internal sealed class EmbeddingsRewriter : IAnswerRewriter
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private readonly EmbeddingsJson _json;

    internal EmbeddingsRewriter(RedactionPlan plan, UpstreamIds? ids) =>
        _json = new EmbeddingsJson(plan, Facts, new AnswerSlots(plan, Facts), ids);

    public AnswerFacts Facts { get; } = new();

    public StreamStep RewriteEvent(ReadOnlySpan<byte> data, IBufferWriter<byte> frames) => throw new AnswerFormatException("Embeddings are not streamed.");

    public void CutShort(IBufferWriter<byte> frames)
    {
    }

    public void RewriteWhole(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var data = body.ToArray();
            using var document = JsonDocument.Parse(data, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("Not an object.");
            }

            if (document.RootElement.TryGetProperty("usage"u8, out var usage) && usage.ValueKind == JsonValueKind.Object)
            {
                Facts.InputTokens = JsonBody.ReadCount(usage, "prompt_tokens") is { } count and >= 0 ? count : null;
                Facts.OutputTokens = 0;
            }

            var rewritten = new ArrayBufferWriter<byte>(data.Length + 256);
            _json.Rewrite(data, EmbeddingsPlace.Answer, streamed: false, rewritten);
            output.Write(rewritten.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AnswerFormatException("The upstream's answer is not JSON.", e);
        }
    }

    public void WriteFault(IBufferWriter<byte> frames, StreamFault fault)
    {
        var json = new ArrayBufferWriter<byte>(256);
        OpenAiFault.Write(json, fault);
        SseFrame.Write(frames, json.WrittenSpan);
    }

    public void Dispose() => _json.Dispose();
}
