namespace Proofgate.Audit.Verification;

/// <summary>One leaf in a line. <paramref name="Result"/> holds names and counts, as events do, and no content.</summary>
public sealed record TailEntry(string Log, long Index, string Kind, DateTimeOffset? Time, AuditId? Id, AuditId? Correlation, string? Result);
