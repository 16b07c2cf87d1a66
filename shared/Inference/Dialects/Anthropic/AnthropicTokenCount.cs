namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>How many tokens a message would be: <c>POST /v1/messages/count_tokens</c>. The prompt goes to the provider, so every control applies.</summary>
public sealed class AnthropicTokenCount : IDialect
{
    public string Name => "anthropic.count_tokens";

    public string UpstreamPath => "messages/count_tokens";

    public bool IsPerDeployment => true;

    public bool IsSpokenBy(UpstreamProtocol protocol) => protocol == UpstreamProtocol.Anthropic;

    public DialectRead Read(ReadOnlyMemory<byte> body, RequestOrigin origin) =>
        JsonBody.Read(body, (document, texts) => AnthropicReader.Read(document, texts, origin, answers: false));

    public IAnswerRewriter CreateRewriter(InferenceRequest request, RedactionPlan plan) => new AnthropicRewriter(plan, ((AnthropicRequest)request).Ids);
}
