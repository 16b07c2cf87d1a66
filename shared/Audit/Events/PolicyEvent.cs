namespace Proofgate.Audit.Events;

/// <summary>A policy bundle became the one that decides, or was refused.</summary>
public sealed record PolicyEvent : AuditEvent
{
    /// <summary>
    /// <c>activated</c>, <c>rolled_back</c> (activated, and it had been active before), or <c>rejected</c>: its activation was signed, and the instance did not
    /// take it. Each instance records its own.
    /// </summary>
    public required string Act { get; init; }

    /// <summary>SHA-256 of the bundle, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>The bundle that decided until then; of a rejected one, the bundle that goes on deciding.</summary>
    public string? PreviousDigest { get; init; }
}
