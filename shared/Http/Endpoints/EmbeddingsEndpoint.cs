using Proofgate.Inference.Dialects.Embeddings;

namespace Proofgate.Http.Endpoints;

/// <summary><c>POST /v1/embeddings</c>, and where Azure OpenAI has it.</summary>
public sealed class EmbeddingsEndpoint(OpenAiEmbeddings dialect, InferenceEndpoint inference) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => inference.HandleAsync(exchange, dialect);
}
