using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Json;
using Proofgate.Inference.Dialects.Events;

namespace Proofgate.Inference.Dialects.Embeddings;

/// <summary>Fields of embeddings. A vector is numbers, as a list or in base64; a text in its place is inspected.</summary>
internal sealed class EmbeddingsJson(RedactionPlan plan, AnswerFacts facts, AnswerSlots slots, UpstreamIds? ids)
    : EventJson<EmbeddingsPlace>(plan, facts, slots, ids)
{
    private const int BytesOfNumber = 4;

    protected override bool IsPieceEvent => false;

    protected override Rule<EmbeddingsPlace> RuleOf(ref Utf8JsonReader name, EmbeddingsPlace place) => place switch
    {
        EmbeddingsPlace.Answer when name.ValueTextEquals("data"u8) => new(Treatment.Whole, EmbeddingsPlace.Data),
        EmbeddingsPlace.Answer when name.ValueTextEquals("id"u8) => new(Treatment.Id, EmbeddingsPlace.Elsewhere),
        EmbeddingsPlace.Answer when name.ValueTextEquals("object"u8) || name.ValueTextEquals("model"u8) => new(Treatment.Structural, EmbeddingsPlace.Elsewhere),
        EmbeddingsPlace.Data when name.ValueTextEquals("object"u8) => new(Treatment.Structural, EmbeddingsPlace.Elsewhere),
        EmbeddingsPlace.Data when name.ValueTextEquals("embedding"u8) => new(IsVector(name) ? Treatment.Structural : Treatment.Whole, EmbeddingsPlace.Vector),
        _ => new(Treatment.Whole, EmbeddingsPlace.Elsewhere),
    };

    protected override AnswerSlot SlotOf(ref Utf8JsonReader name, EmbeddingsPlace place) => throw new UnreachableException("Embeddings do not come in pieces.");

    private static bool IsVector(Utf8JsonReader atName) =>
        atName.Read() && atName.TokenType == JsonTokenType.String && !atName.ValueIsEscaped
        && Base64.IsValid(atName.ValueSpan, out var length) && length > 0 && length % BytesOfNumber == 0;
}
