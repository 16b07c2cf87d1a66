using Proofgate.Audit.Verification;
using Proofgate.Cli.Ledger;

namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit verify --evidence --json</c> prints: the document of <c>audit verify</c>, and what was signed.</summary>
internal sealed record EvidenceDocument
{
    public required VerificationDocument Verification { get; init; }

    public required string LogKey { get; init; }

    public required long Checkpoints { get; init; }

    public required long Tiles { get; init; }

    public required long Bundles { get; init; }

    public required long Heartbeats { get; init; }

    public required long KeyChanges { get; init; }

    public required DateTimeOffset? Latest { get; init; }

    public required long Witnessed { get; init; }

    internal static EvidenceDocument Of(EvidenceReport report, EvidenceSource source) => new()
    {
        Verification = VerificationDocument.Of(report.Report, source.Named) with
        {
            Limit = report.Witnessed > 0
                ? "The history agrees with what witnesses have cosigned."
                : "Unwitnessed: the key's holder could have signed another history for somebody else. A witness (proofgate audit witness) rules that out.",
        },
        LogKey = source.Key.ToString(),
        Checkpoints = report.Checkpoints,
        Tiles = report.Tiles,
        Bundles = report.Bundles,
        Heartbeats = report.Heartbeats,
        KeyChanges = report.KeyChanges,
        Latest = report.Latest,
        Witnessed = report.Witnessed,
    };
}
