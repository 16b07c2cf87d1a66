namespace Proofgate.Audit.Verification;

/// <summary>Something that is listed and is no finding: <paramref name="Kind"/> is <c>gap</c>, <c>opaque</c>, <c>conflict</c>, <c>unreadable</c>, <c>resumed</c> or <c>tail unproven</c>.</summary>
public sealed record VerificationNote(string Kind, string Partition, long Index, string Message);
