using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// What was signed, remembered in the ledger's table: evidence that is deleted, with the process that remembered it gone too, must not look like a log that
/// was never signed. A row is inserted after its checkpoint, so the evidence is never behind it by itself.
/// </summary>
internal sealed class SignedRows(ILedgerTable table)
{
    private readonly Dictionary<string, SignedRow?> _newest = new(StringComparer.Ordinal);

    /// <summary>The newest row of a log, or null. Asked once; after that this writer knows it.</summary>
    /// <exception cref="EvidenceDamagedException">The row was changed.</exception>
    internal async Task<SignedRow?> NewestAsync(string log, bool hasRoot, CancellationToken cancellationToken)
    {
        if (_newest.TryGetValue(log, out var known))
            return known;
        SignedRow? newest = null;
        await foreach (var row in table.ReadAsync(log, LedgerKeys.FirstSigned, LedgerKeys.AfterSigned, 1, cancellationToken).ConfigureAwait(false))
        {
            newest = SignedRow.Read(row, hasRoot, out var problem)
                ?? throw new EvidenceDamagedException($"Row {row.RowKey} of {log} was changed: {problem}. Run proofgate audit verify.");
        }

        return _newest[log] = newest;
    }

    /// <summary>Remembers what was signed, unless it is known already.</summary>
    internal async Task RecordAsync(string log, long size, MerkleHash? root, CancellationToken cancellationToken)
    {
        if (size == 0 || (_newest.GetValueOrDefault(log) is { } known && known.Size >= size))
            return;
        var row = new SignedRow(size, root);
        // A row that is there already is our own, of a reply that was lost, or another writer's of the same checkpoint.
        await table.InsertAsync(log, [row.ToRow(log)], cancellationToken).ConfigureAwait(false);
        _newest[log] = row;
    }
}
