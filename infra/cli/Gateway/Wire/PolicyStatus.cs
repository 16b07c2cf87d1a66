namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>GET /manage/policy</c>, and what <c>policy status --json</c> prints.</summary>
internal sealed record PolicyStatus
{
    public required string Source { get; init; }

    public string? Digest { get; init; }

    public ActivationRecord? Activation { get; init; }

    public long? NextSequence { get; init; }

    public bool RequiresApproval { get; init; }

    public bool NeedsSignature { get; init; }

    public string? Serving { get; init; }

    public string? Name { get; init; }

    public DateTimeOffset? Since { get; init; }

    public RejectionRecord? Rejected { get; init; }
}
