namespace Proofgate.Audit.Events;

/// <summary>A source that was given up, and the last number of it that was acknowledged (0: none). Later numbers of it may exist.</summary>
public readonly record struct RetiredSource(SourceId Source, long LastAcknowledged);
