namespace Proofgate.Identity.ApiKeys;

/// <summary>What one read of the change feed has found.</summary>
/// <param name="Keys">Keys that were inserted or changed.</param>
/// <param name="DenyMarks">One for each change of the deny list, unlike any other: a reader that has seen a mark need not read that list for it again.</param>
public sealed record KeyChanges(IReadOnlyList<KeyId> Keys, IReadOnlyList<string> DenyMarks);
