using Proofgate.Cedar;

namespace Proofgate.Policy;

/// <summary>Something of a bundle that policies decide about.</summary>
/// <param name="Name">How tests call it, unique among those of its type: <c>assistant</c>, or <c>assistant@azure</c> as one upstream serves it.</param>
public sealed record BundleResource(string Name, Entity Entity);
