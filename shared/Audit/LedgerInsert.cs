namespace Proofgate.Audit;

/// <summary>How a ledger transaction ended.</summary>
public enum LedgerInsert
{
    Inserted,
    Collided,
}
