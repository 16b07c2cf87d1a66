namespace Proofgate.Audit;

/// <summary>Evidence and ledger disagree, or evidence is not what it must be. Nothing is signed while that is so, and nothing is overwritten.</summary>
public sealed class EvidenceDamagedException(string message) : Exception(message);
