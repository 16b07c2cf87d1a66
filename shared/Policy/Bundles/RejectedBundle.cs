namespace Proofgate.Policy.Bundles;

/// <summary>A newer bundle that was not taken, and why.</summary>
internal sealed record RejectedBundle(string? Digest, IReadOnlyList<string> Problems)
{
    internal static RejectedBundle None { get; } = new(null, []);
}
