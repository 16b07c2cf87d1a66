namespace Proofgate.Audit.Checkpoints;

/// <summary>The key that signed before the present one, as long as it is to hand over.</summary>
public sealed record FormerLogKey(ILogSigner Signer);
