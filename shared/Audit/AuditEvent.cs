namespace Proofgate.Audit;

/// <summary>
/// What is common to all events that a process publishes. The stream adds schema version, source, counter and the hash of the source's
/// previous event when it seals a batch. Nothing in an event is content: only catalogue names, keyed digests, counts and sizes.
/// </summary>
public abstract record AuditEvent
{
    public required AuditId Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// The decision that this event belongs to; null where it is the decision itself or belongs to none. Of a decision that sends a call elsewhere: the one
    /// before it.
    /// </summary>
    public AuditId? CorrelationId { get; init; }

    /// <summary>W3C trace id, 32 hex digits, where the request carried or started a trace.</summary>
    public string? TraceId { get; init; }

    public PersonalPart? Personal { get; init; }
}
