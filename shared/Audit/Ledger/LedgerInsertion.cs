namespace Proofgate.Audit.Ledger;

/// <summary>How a commit gets into the table.</summary>
public enum LedgerInsertion
{
    /// <summary>Up to 99 leaves and their commit row in one transaction.</summary>
    Transaction,

    /// <summary>
    /// One record a commit, row by row, the commit row last: for a platform that refuses transactions to who may only add. Slower by far, and as
    /// sound: see <see cref="RowByRow"/>.
    /// </summary>
    RowByRow,
}
