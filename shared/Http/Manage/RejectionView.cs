namespace Proofgate.Http.Manage;

/// <summary>A newer bundle that this instance did not take, and why.</summary>
public sealed record RejectionView(string? Digest, IReadOnlyList<string> Problems);
