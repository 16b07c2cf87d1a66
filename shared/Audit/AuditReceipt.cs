namespace Proofgate.Audit;

/// <summary>What the stream acknowledged: the event's place in its source's counter and the RFC 6962 leaf hash of its bytes.</summary>
public readonly record struct AuditReceipt(AuditId Id, string Source, long Number, ReadOnlyMemory<byte> LeafHash);
