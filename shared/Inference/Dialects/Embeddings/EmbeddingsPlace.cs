namespace Proofgate.Inference.Dialects.Embeddings;

/// <summary>Where in a list of embeddings a value stands.</summary>
internal enum EmbeddingsPlace
{
    Answer,
    Data,
    Vector,
    Elsewhere,
}
