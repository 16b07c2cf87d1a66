using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Checkpoints;

/// <summary>A row that remembers, beside the leaves, that so many of them were signed.</summary>
/// <param name="Size">Leaves; it is the row's key.</param>
/// <param name="Root">Their root; null for the super-log, whose leaves are in no table.</param>
internal sealed record SignedRow(long Size, MerkleHash? Root)
{
    internal LedgerRow ToRow(string log) => new(
        log, LedgerKeys.Signed(Size), Root is { } root ? new Dictionary<string, object> { [LedgerColumns.Root] = root.ToArray() } : []);

    /// <summary>Null, and a reason, where it is not what is written.</summary>
    internal static SignedRow? Read(LedgerRow row, bool hasRoot, out string? problem)
    {
        var columns = new ColumnReader(row);
        var signed = new SignedRow(LedgerKeys.TrySigned(row.RowKey, out var size) ? size : 0, hasRoot ? columns.Hash(LedgerColumns.Root) : null);
        if (signed.Size <= 0)
            columns.Fail("its key is no size");
        problem = columns.Problem;
        return problem is null ? signed : null;
    }
}
