using Proofgate.Audit.Events;

namespace Proofgate.Audit.Tenants;

/// <summary>
/// Whose an event is: decisions and refusals are their caller's tenant's, an act on a key is the key's tenant's, an outcome is its decision's. All else,
/// the counts of strangers' refusals, sources, policy and the deny list, is the operator's.
/// </summary>
internal static class Tenancy
{
    /// <summary>The tenant that the event itself names; null for an outcome, and for what is nobody's.</summary>
    internal static string? Of(AuditEvent auditEvent) => auditEvent switch
    {
        DecisionEvent decision => decision.Request.Tenant,
        RefusalEvent refusal => refusal.Request.Tenant,
        KeyEvent key => key.Tenant,
        _ => null,
    };
}
