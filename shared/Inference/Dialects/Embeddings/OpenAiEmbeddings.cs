namespace Proofgate.Inference.Dialects.Embeddings;

/// <summary>OpenAI embeddings: <c>POST /v1/embeddings</c>, also as spoken by vLLM, Ollama and llama.cpp, and by Azure OpenAI.</summary>
public sealed class OpenAiEmbeddings : IDialect
{
    public string Name => "openai.embeddings";

    public string UpstreamPath => "embeddings";

    public bool IsPerDeployment => true;

    public bool IsSpokenBy(UpstreamProtocol protocol) => protocol is UpstreamProtocol.OpenAi or UpstreamProtocol.AzureOpenAi;

    public DialectRead Read(ReadOnlyMemory<byte> body, RequestOrigin origin) =>
        JsonBody.Read(body, (document, texts) => EmbeddingsReader.Read(document, texts, origin));

    public IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan) => new EmbeddingsRewriter(plan, ((EmbeddingsRequest)request).Ids);
}
