namespace Proofgate.Audit.Verification;

/// <summary>Something that is wrong, and where: the log's name, and the row's key where it is about one row.</summary>
public sealed record VerificationFinding(VerificationCode Code, string Partition, string? RowKey, string Message);
