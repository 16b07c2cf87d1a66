namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit receipt --json</c> prints.</summary>
/// <param name="AuditId">The event.</param>
/// <param name="Origin">The log that holds it.</param>
/// <param name="Index">Its place.</param>
/// <param name="Size">Leaves that the checkpoint covers.</param>
/// <param name="Root">RFC 6962 root, hex.</param>
/// <param name="Verified">Whether the signature was checked too; without a log key only the proof is.</param>
/// <param name="File">Where the receipt was written.</param>
internal sealed record ReceiptDocument(string AuditId, string Origin, long Index, long Size, string Root, bool Verified, string? File);
