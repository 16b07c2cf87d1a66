using Proofgate.Inference.Dialects.Anthropic;

namespace Proofgate.Http.Endpoints;

/// <summary><c>POST /v1/messages</c>.</summary>
public sealed class MessagesEndpoint(AnthropicMessages dialect, InferenceEndpoint inference) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => inference.HandleAsync(exchange, dialect);
}
