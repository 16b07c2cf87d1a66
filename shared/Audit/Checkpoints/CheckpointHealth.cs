namespace Proofgate.Audit.Checkpoints;

/// <summary>Whether the logs are being signed. <paramref name="Alarm"/>: something was rewritten or is missing, and waiting will not mend it by itself.</summary>
public readonly record struct CheckpointHealth(bool Healthy, bool Alarm, string? Detail);
