using Proofgate.Inference.Dialects.Responses;

namespace Proofgate.Http.Endpoints;

/// <summary><c>POST /v1/responses</c>, and where Azure OpenAI has it. Nothing is kept, so there is nothing to get, cancel or delete.</summary>
public sealed class ResponsesEndpoint(OpenAiResponses dialect, InferenceEndpoint inference) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => inference.HandleAsync(exchange, dialect);
}
