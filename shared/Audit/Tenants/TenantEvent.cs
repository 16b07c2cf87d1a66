using Proofgate.Audit.Checkpoints;

namespace Proofgate.Audit.Tenants;

/// <summary>One of a tenant's events, with the proof that it stands in the log.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Id">Its name.</param>
/// <param name="Decision">For an outcome: the decision that makes it the tenant's.</param>
/// <param name="Proof">C2SP tlog-proof with the event's bytes.</param>
public sealed record TenantEvent(long Index, AuditId Id, AuditId? Decision, TlogProof Proof);
