namespace Proofgate.Audit.Cosigning;

/// <summary>Whether witnesses cosign. A silent one is told and harms nothing; <paramref name="Alarm"/>: one says that a log was rewritten.</summary>
public readonly record struct CosignatureHealth(bool Alarm, string Detail);
