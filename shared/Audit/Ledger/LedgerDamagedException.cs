namespace Proofgate.Audit.Ledger;

/// <summary>The ledger's head cannot be continued: it was changed, or another stream owns the log. Nothing is appended until somebody looks.</summary>
public sealed class LedgerDamagedException(string message) : Exception(message);
