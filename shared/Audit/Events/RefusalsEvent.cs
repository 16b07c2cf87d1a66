namespace Proofgate.Audit.Events;

/// <summary>Many refusals of unauthenticated requests as one count.</summary>
public sealed record RefusalsEvent : AuditEvent
{
    public required string Reason { get; init; }

    public required long Count { get; init; }

    /// <summary>Refusals that were answered but found the queue full, and so are in no other event.</summary>
    public long Dropped { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }
}
