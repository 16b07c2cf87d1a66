using Proofgate.Audit.Events;

namespace Proofgate.Cli.Output;

/// <summary>What <c>policy whatif --json</c> prints.</summary>
internal sealed record PolicyWhatIfDocument
{
    public required string Folder { get; init; }

    public required string Digest { get; init; }

    public required string Storage { get; init; }

    /// <summary>Recorded decisions, refusals by policy among them.</summary>
    public required long Decisions { get; init; }

    /// <summary>Of those: could not be opened, so were not decided again.</summary>
    public required long Sealed { get; init; }

    public required long Same { get; init; }

    public required long ChangedCount { get; init; }

    /// <summary>Of the changed: from allowed to denied or back.</summary>
    public required long Reversed { get; init; }

    public required IReadOnlyList<Redecided> Changed { get; init; }

    /// <param name="RecordedDigest">The bundle that decided.</param>
    /// <param name="Differences">Each in words; questions about kinds of data and columns are among them.</param>
    internal sealed record Redecided(
        string AuditId, DateTimeOffset Time, string Action, string Resource, string RecordedDigest, PolicyAnswer Before, PolicyAnswer After,
        IReadOnlyList<string> Differences);

    internal static PolicyAnswer Answer(DecisionRecord record) => new(record.Allowed, record.Policies, record.Errors);
}
