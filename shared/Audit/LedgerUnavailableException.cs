namespace Proofgate.Audit;

/// <summary>The ledger's table could not be reached, or whether a transaction was committed is unknown.</summary>
public sealed class LedgerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
