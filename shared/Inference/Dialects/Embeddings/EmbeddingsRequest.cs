using System.Text.Json;

namespace Proofgate.Inference.Dialects.Embeddings;

/// <summary>A request for embeddings. The provider keeps nothing of it, so nothing is to be switched off.</summary>
internal sealed class EmbeddingsRequest(JsonDocument document, UpstreamIds? ids) : ForwardedRequest(document)
{
    internal UpstreamIds? Ids => ids;

    public override bool AnswersInText => false;

    protected override string Said => "input";
}
