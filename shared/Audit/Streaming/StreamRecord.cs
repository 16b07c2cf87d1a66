namespace Proofgate.Audit.Streaming;

/// <summary>One durable event as a stream partition holds it. Sequence numbers of a partition start at 0 and have no holes while records are kept.</summary>
public readonly record struct StreamRecord(long Sequence, DateTimeOffset EnqueuedAt, ReadOnlyMemory<byte> Body);
