namespace Proofgate.Inference.Dialects.Responses;

/// <summary>OpenAI responses: <c>POST /v1/responses</c>, also as spoken by vLLM, Ollama and llama.cpp, and by Azure OpenAI. Nothing is kept of one.</summary>
public sealed class OpenAiResponses : IDialect
{
    public string Name => "openai.responses";

    public string UpstreamPath => "responses";

    public bool IsPerDeployment => false;

    public bool IsSpokenBy(UpstreamProtocol protocol) => protocol is UpstreamProtocol.OpenAi or UpstreamProtocol.AzureOpenAi;

    public DialectRead Read(ReadOnlyMemory<byte> body, RequestOrigin origin) =>
        JsonBody.Read(body, (document, texts) => ResponsesReader.Read(document, texts, origin));

    public IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan) =>
        new ResponsesRewriter(plan, ((ResponsesRequest)request).Ids, ((ResponsesRequest)request).StopsChosen);
}
