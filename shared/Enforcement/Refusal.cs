using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Policy;

namespace Proofgate.Enforcement;

/// <summary>Why an authenticated call is turned away, in terms that every dialect's error shape can carry.</summary>
public sealed record Refusal
{
    public required AuditId Id { get; init; }

    public required int Status { get; init; }

    /// <summary>Stable code for programs, for example <c>policy_denied</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for people: what happened, and what to do where something can be done.</summary>
    public required string Message { get; init; }

    /// <summary>Set where a stronger sign-in would be allowed: the answer is a challenge (RFC 9470).</summary>
    public StepUp? StepUp { get; init; }

    /// <summary>The member of the request that is wrong, where one is.</summary>
    public string? Param { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the audit stream acknowledged; null where the refusal was counted, or could not be recorded.</summary>
    public AuditReceipt? Receipt { get; init; }

    /// <summary>Set where policy was asked.</summary>
    public DecisionRecord? Decision { get; init; }
}
