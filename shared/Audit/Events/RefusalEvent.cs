namespace Proofgate.Audit.Events;

/// <summary>A request that was turned away.</summary>
public sealed record RefusalEvent : AuditEvent
{
    public required RequestRecord Request { get; init; }

    public required int Status { get; init; }

    /// <summary>The error's code, for example <c>invalid_api_key</c> or <c>policy_denied</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Set where policy was asked.</summary>
    public DecisionRecord? Decision { get; init; }
}
