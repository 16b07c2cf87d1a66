namespace Proofgate.Audit.Verification;

/// <summary>The result of a verification.</summary>
public sealed record VerificationReport
{
    /// <summary>What no verification of the rows alone can show.</summary>
    public const string WithoutCheckpoint =
        "Not shown without a signed checkpoint that somebody else holds: that the whole ledger was not rewritten in agreement with itself, and that no tail was cut off.";

    /// <summary>0 if sound, else the code of the first finding: what follows it may be its consequence.</summary>
    public int ExitCode => (int)Code;

    public required VerificationCode Code { get; init; }

    /// <summary>At most <see cref="VerificationOptions.MaxListed"/>; <see cref="FindingCount"/> counts all.</summary>
    public required IReadOnlyList<VerificationFinding> Findings { get; init; }

    public required long FindingCount { get; init; }

    public required IReadOnlyList<VerificationNote> Notes { get; init; }

    public required long NoteCount { get; init; }

    /// <summary>Allowed decisions that have no outcome.</summary>
    public required IReadOnlyList<AuditId> OpenDecisions { get; init; }

    public required long OpenDecisionCount { get; init; }

    /// <summary>Every log, in the order of its partition key, with its root.</summary>
    public required IReadOnlyList<VerifiedLog> Logs { get; init; }

    /// <summary>Published events; leaves made by the writer and opaque records are not among them.</summary>
    public required long Events { get; init; }

    public required long Decisions { get; init; }

    public required long Outcomes { get; init; }

    public required long Sources { get; init; }

    public required long Gaps { get; init; }

    public required long Opaque { get; init; }

    public required long Conflicts { get; init; }

    /// <summary>Records that the stream delivered again and that have no leaf of their own.</summary>
    public required long Redelivered { get; init; }

    /// <summary>One line on what this verification could not show.</summary>
    public required string Limit { get; init; }
}
