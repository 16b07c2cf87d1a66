using Proofgate.Audit;
using Proofgate.Audit.Events;

namespace Proofgate.Enforcement.Feed;

/// <summary>A decision or a refusal as those see it who watch: what stands open in its event, and no more. No content, no address, no claim.</summary>
public sealed record DecisionSighting
{
    public required AuditId Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required RequestRecord Request { get; init; }

    /// <summary>
    /// The subject's pseudonym: the keyed name under which its data key is stored, the same in all its events. Null where the event has none of its own.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>Null where the request was turned away before policy was asked.</summary>
    public DecisionRecord? Decision { get; init; }

    /// <summary>Of a refusal: the status that it was answered with.</summary>
    public int? Status { get; init; }

    /// <summary>Of a refusal: the error's code.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the act was allowed; a refusal of any kind was not.</summary>
    public bool Allowed => Status is null && Decision is { Allowed: true };

    /// <returns>Null for events of other kinds.</returns>
    internal static DecisionSighting? Of(AuditEvent auditEvent, string? subject) => auditEvent switch
    {
        DecisionEvent decision => new DecisionSighting
        {
            Id = decision.Id,
            Time = decision.Time,
            Request = decision.Request,
            Subject = subject,
            Decision = decision.Decision,
        },
        RefusalEvent refusal => new DecisionSighting
        {
            Id = refusal.Id,
            Time = refusal.Time,
            Request = refusal.Request,
            Subject = subject,
            Decision = refusal.Decision,
            Status = refusal.Status,
            Reason = refusal.Reason,
        },
        _ => null,
    };
}
