namespace Proofgate.Audit.Promises;

/// <summary>Signs with the process's key.</summary>
internal delegate byte[] ProcessSignature(ReadOnlySpan<byte> statement);
