namespace Proofgate.Policy;

/// <summary>What verified tokens of earlier answers say of where a call's content comes from: <c>context.lineage</c>.</summary>
/// <param name="Datasets">Names of the datasets that are known.</param>
/// <param name="Complete">False where there are more than a token could name: then <paramref name="Datasets"/> is a part of them.</param>
public sealed record LineageFacts(IReadOnlyCollection<string> Datasets, bool Complete);
