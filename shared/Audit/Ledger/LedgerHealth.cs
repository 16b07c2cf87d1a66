namespace Proofgate.Audit.Ledger;

/// <summary>State of the ledger. <paramref name="Lag"/> is the number of records in the stream that it does not hold yet.</summary>
public readonly record struct LedgerHealth(bool Healthy, long Lag, string? Detail);
