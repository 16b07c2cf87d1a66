using System.Text.Json;
using System.Text.Unicode;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>OpenAI chat completions: <c>POST /v1/chat/completions</c>, also as spoken by vLLM, Ollama and llama.cpp.</summary>
public sealed class OpenAiChat : IDialect
{
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    public string Name => "openai.chat";

    public string UpstreamPath => "chat/completions";

    public DialectRead Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Reject("invalid_json", "The body must be UTF-8.");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's own message can quote the body.
            return Reject("invalid_json", $"The body must be one JSON object in UTF-8, without duplicate keys, nested at most {MaxDepth} deep.");
        }

        var read = OpenAiChatReader.Read(document);
        if (read is DialectRead.Rejected)
        {
            document.Dispose();
        }

        return read;
    }

    public IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan) =>
        new OpenAiChatRewriter(plan, ((OpenAiChatRequest)request).UsageAsked, ((OpenAiChatRequest)request).StopsChosen);

    private static DialectRead.Rejected Reject(string code, string message) => new(400, code, message, null);
}
