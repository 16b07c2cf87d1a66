namespace Proofgate.Policy;

/// <summary>The active bundle's digest (null: none) and the faults of a newer one that was not taken.</summary>
public sealed record BundleState(string? Digest, IReadOnlyList<string> Rejected)
{
    /// <summary>The bundle's own name.</summary>
    public string? Name { get; init; }

    /// <summary>When this instance began to decide by it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The record that made it active; null: the bundle of a folder, or the one that serves until the first activation.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Digest of the newer one that was not taken, where it is known.</summary>
    public string? RejectedDigest { get; init; }

    /// <summary>Whether the bundle may decide now: false while the store has been silent for too long.</summary>
    public bool Fresh { get; init; } = true;

    /// <summary>Whether nobody has activated a bundle yet, and nothing but administration is permitted.</summary>
    public bool Bootstrap { get; init; }
}
