using Proofgate.Inference.Dialects.Anthropic;

namespace Proofgate.Http.Endpoints;

/// <summary><c>POST /v1/messages/count_tokens</c>.</summary>
public sealed class TokenCountEndpoint(AnthropicTokenCount dialect, InferenceEndpoint inference) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => inference.HandleAsync(exchange, dialect);
}
