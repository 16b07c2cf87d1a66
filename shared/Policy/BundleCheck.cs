namespace Proofgate.Policy;

/// <summary>What would become of a bundle.</summary>
/// <param name="Digest">Null: its form already is none of a bundle.</param>
/// <param name="Name">Its own name, where it is sound.</param>
/// <param name="Author">Name of the key that is said to have signed it.</param>
/// <param name="Problems">Everything that keeps it from being activated; none: it can be.</param>
public sealed record BundleCheck(string? Digest, string? Name, string? Author, IReadOnlyList<string> Problems);
