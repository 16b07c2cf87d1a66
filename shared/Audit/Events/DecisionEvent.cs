namespace Proofgate.Audit.Events;

/// <summary>Published, and acknowledged, before the act.</summary>
public sealed record DecisionEvent : AuditEvent
{
    public required RequestRecord Request { get; init; }

    public required DecisionRecord Decision { get; init; }
}
