namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>OpenAI chat completions: <c>POST /v1/chat/completions</c>, also as spoken by vLLM, Ollama and llama.cpp, and by Azure OpenAI.</summary>
public sealed class OpenAiChat : IDialect
{
    public string Name => "openai.chat";

    public string UpstreamPath => "chat/completions";

    public bool IsPerDeployment => true;

    public bool IsSpokenBy(UpstreamProtocol protocol) => protocol is UpstreamProtocol.OpenAi or UpstreamProtocol.AzureOpenAi;

    public DialectRead Read(ReadOnlyMemory<byte> body) => Read(body, RequestOrigin.Unknown);

    public DialectRead Read(ReadOnlyMemory<byte> body, RequestOrigin origin) =>
        JsonBody.Read(body, (document, texts) => OpenAiChatReader.Read(document, texts, origin));

    public IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan) =>
        new OpenAiChatRewriter(plan, ((OpenAiChatRequest)request).UsageAsked, ((OpenAiChatRequest)request).StopsChosen);
}
