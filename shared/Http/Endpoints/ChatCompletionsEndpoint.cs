using Proofgate.Inference.Dialects.OpenAi;

namespace Proofgate.Http.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>, and where Azure OpenAI has it.</summary>
public sealed class ChatCompletionsEndpoint(OpenAiChat dialect, InferenceEndpoint inference) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => inference.HandleAsync(exchange, dialect);
}
