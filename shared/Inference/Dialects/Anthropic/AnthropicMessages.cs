namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>Anthropic messages: <c>POST /v1/messages</c>.</summary>
public sealed class AnthropicMessages : IDialect
{
    public string Name => "anthropic.messages";

    public string UpstreamPath => "messages";

    public bool IsPerDeployment => true;

    public bool IsSpokenBy(UpstreamProtocol protocol) => protocol == UpstreamProtocol.Anthropic;

    public DialectRead Read(ReadOnlyMemory<byte> body, RequestOrigin origin) =>
        JsonBody.Read(body, (document, texts) => AnthropicReader.Read(document, texts, origin, answers: true));

    public IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan) => new AnthropicRewriter(plan, ((AnthropicRequest)request).Ids);
}
