namespace Proofgate.Inference.Recognisers;

/// <summary>The recogniser of a bundle; null if it names none.</summary>
internal sealed record RecogniserCatalog(RecogniserEntry? Recogniser);
