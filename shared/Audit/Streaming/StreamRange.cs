namespace Proofgate.Audit.Streaming;

/// <summary>What a partition holds: the first sequence number still kept and the one that its next record will have.</summary>
public readonly record struct StreamRange(long First, long Next);
