namespace Proofgate.Audit.Events;

/// <summary>Where the entity slice of a decision is when it is over 8 KiB: a create-only blob named by the SHA-256 of its sealed bytes (lower-case hex).</summary>
public sealed record EntitySliceReference(string Digest, long Bytes);
