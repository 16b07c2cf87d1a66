namespace Proofgate.Policy;

/// <summary>The active bundle's digest (null: none) and the faults of a newer one that was not taken.</summary>
public sealed record BundleState(string? Digest, IReadOnlyList<string> Rejected);
