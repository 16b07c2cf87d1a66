using System.Text.Json;

namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>A request for a message, or for the count of its tokens. Anthropic keeps nothing of it, so nothing is to be switched off.</summary>
internal sealed class AnthropicRequest(JsonDocument document, UpstreamIds? ids) : ForwardedRequest(document)
{
    internal UpstreamIds? Ids => ids;

    protected override string Said => "messages";
}
