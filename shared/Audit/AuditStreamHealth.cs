namespace Proofgate.Audit;

/// <summary>State of the audit stream. <paramref name="Detail"/> names the fault and what to do, without content.</summary>
public readonly record struct AuditStreamHealth(bool Healthy, string? Detail);
