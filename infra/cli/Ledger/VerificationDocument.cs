using Proofgate.Audit.Verification;

namespace Proofgate.Cli.Ledger;

/// <summary>What <c>audit verify --json</c> prints. Lists are bounded; the counts beside them are not.</summary>
internal sealed record VerificationDocument
{
    public required bool Sound { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>The finding that the exit code stands for, or <c>sound</c>.</summary>
    public required string Result { get; init; }

    public required string Storage { get; init; }

    public required IReadOnlyList<Log> Logs { get; init; }

    public required long Events { get; init; }

    public required long Decisions { get; init; }

    public required long Outcomes { get; init; }

    public required long Sources { get; init; }

    public required long Gaps { get; init; }

    public required long Opaque { get; init; }

    public required long Conflicts { get; init; }

    public required long Redelivered { get; init; }

    public required long OpenDecisionCount { get; init; }

    public required IReadOnlyList<string> OpenDecisions { get; init; }

    public required long FindingCount { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required long NoteCount { get; init; }

    public required IReadOnlyList<Note> Notes { get; init; }

    /// <summary>How many decisions were made again, where bundles and keys were at hand.</summary>
    public Redecision? DecidedAgain { get; init; }

    /// <summary>What this verification could not show.</summary>
    public required string Limit { get; init; }

    /// <param name="Key">The table's partition key.</param>
    /// <param name="Hub">Name of the audit stream.</param>
    /// <param name="Partition">The stream's partition.</param>
    /// <param name="Epoch">0, 1, 2 ...</param>
    /// <param name="Size">Leaves.</param>
    /// <param name="Root">RFC 6962 root, lower-case hex.</param>
    /// <param name="Closed">Whether a later epoch continues it.</param>
    internal sealed record Log(string Key, string Hub, int Partition, int Epoch, long Size, string Root, bool Closed);

    internal sealed record Finding(string Kind, int ExitCode, string Log, string? Row, string Message);

    internal sealed record Note(string Kind, string Log, long Index, string Message);

    internal static VerificationDocument Of(VerificationReport report, string place) => new()
    {
        Sound = report.Code == VerificationCode.Sound,
        ExitCode = report.ExitCode,
        Result = Name(report.Code),
        Storage = place,
        Logs = [.. report.Logs.Select(static log =>
            new Log(log.Name.ToString(), log.Name.Hub, log.Name.Partition, log.Name.Epoch, log.Size, log.Root.ToString(), log.Closed))],
        Events = report.Events,
        Decisions = report.Decisions,
        Outcomes = report.Outcomes,
        Sources = report.Sources,
        Gaps = report.Gaps,
        Opaque = report.Opaque,
        Conflicts = report.Conflicts,
        Redelivered = report.Redelivered,
        OpenDecisionCount = report.OpenDecisionCount,
        OpenDecisions = [.. report.OpenDecisions.Select(static id => id.ToString())],
        FindingCount = report.FindingCount,
        Findings = [.. report.Findings.Select(static f => new Finding(Name(f.Code), (int)f.Code, f.Partition, f.RowKey, f.Message))],
        NoteCount = report.NoteCount,
        Notes = [.. report.Notes.Select(static n => new Note(n.Kind, n.Partition, n.Index, n.Message))],
        Limit = report.Limit,
    };

    /// <summary>The same, with what making the decisions again has found.</summary>
    internal VerificationDocument With(Redecision redecision, IReadOnlyList<Finding> findings)
    {
        var differs = Sound && redecision.Differing > 0;
        return this with
        {
            DecidedAgain = redecision,
            Sound = Sound && !differs,
            ExitCode = differs ? (int)VerificationCode.DecisionDiffers : ExitCode,
            Result = differs ? Name(VerificationCode.DecisionDiffers) : Result,
            Findings = [.. Findings, .. findings],
            FindingCount = FindingCount + redecision.Differing,
        };
    }

    /// <summary>Names for scripts, and for people without the underscores.</summary>
    internal static string Name(VerificationCode code) => code switch
    {
        VerificationCode.Sound => "sound",
        VerificationCode.CannotRead => "cannot_read",
        VerificationCode.BytesChanged => "bytes_changed",
        VerificationCode.Missing => "missing",
        VerificationCode.ReorderedOrDuplicated => "reordered_or_duplicated",
        VerificationCode.Signature => "signature",
        VerificationCode.RewriteAgainstWitness => "rewrite_against_witness",
        VerificationCode.HoleWithoutGap => "hole_without_gap",
        VerificationCode.DecisionDiffers => "decision_differs",
        VerificationCode.Unwitnessed => "unwitnessed",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };
}
