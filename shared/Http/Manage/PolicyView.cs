namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>GET /manage/policy</c>.</summary>
public sealed record PolicyView
{
    /// <summary><c>store</c>: bundles are activated here; <c>folder</c>: a folder is the policy.</summary>
    public required string Source { get; init; }

    /// <summary>The active bundle: in a store that of its newest record, whether or not this instance decides by it yet. Absent: none was activated.</summary>
    public string? Digest { get; init; }

    /// <summary>The record that made it active.</summary>
    public ActivationView? Activation { get; init; }

    /// <summary>The number of the next record, where there is a store.</summary>
    public long? NextSequence { get; init; }

    /// <summary>Whether an activation must carry the signature of another person than the author.</summary>
    public bool RequiresApproval { get; init; }

    /// <summary>Whether an activation must carry a signature, because the host gives none.</summary>
    public bool NeedsSignature { get; init; }

    /// <summary>The bundle that this instance decides by, its name, and since when.</summary>
    public string? Serving { get; init; }

    public string? Name { get; init; }

    public DateTimeOffset? Since { get; init; }

    public RejectionView? Rejected { get; init; }
}
