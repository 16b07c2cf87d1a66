namespace Proofgate.Audit.Events;

/// <summary>A policy bundle became the one that decides, or was refused.</summary>
public sealed record PolicyEvent : AuditEvent
{
    /// <summary><c>activated</c> or <c>rejected</c>.</summary>
    public required string Act { get; init; }

    /// <summary>SHA-256 of the bundle, lower-case hex.</summary>
    public required string Digest { get; init; }

    public string? PreviousDigest { get; init; }
}
