namespace Proofgate.Audit.Verification;

/// <summary>What verifying a copy of the evidence gave: the same findings and counts, and what was signed.</summary>
public sealed record EvidenceReport
{
    public required VerificationReport Report { get; init; }

    /// <summary>Signed checkpoints whose signature and root hold.</summary>
    public required long Checkpoints { get; init; }

    /// <summary>Hash tiles computed again and compared.</summary>
    public required long Tiles { get; init; }

    /// <summary>Entry bundles read.</summary>
    public required long Bundles { get; init; }

    /// <summary>Leaves of the super-log.</summary>
    public required long Heartbeats { get; init; }

    public required long KeyChanges { get; init; }

    /// <summary>Time of the super-log's newest leaf.</summary>
    public required DateTimeOffset? Latest { get; init; }

    /// <summary>Cosigned checkpoints of witnesses that the copy agrees with.</summary>
    public required long Witnessed { get; init; }
}
