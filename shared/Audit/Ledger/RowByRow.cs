namespace Proofgate.Audit.Ledger;

/// <summary>
/// Inserts the rows of one commit singly, the commit row last. Between two of them anything may happen, so a commit holds one record, whose leaves
/// and commit row follow from the log before it and the stream alone: whoever finishes what another has begun inserts the very rows that the other
/// would have. Two commits of one number, which a transaction's collision prevents, cannot differ then. A row that stands already is compared;
/// rows beyond the head that are equal are orphans of a writer that has ended, and adopted.
/// </summary>
internal sealed class RowByRow(ILedgerTable table)
{
    /// <summary>
    /// Inserts <paramref name="rows"/>, of which the last is the commit row.
    /// </summary>
    /// <returns><see cref="LedgerInsert.Collided"/> if another writer has gone on from the same head: read it again.</returns>
    /// <exception cref="LedgerDamagedException">A row beyond the head holds other bytes than the stream gives.</exception>
    internal async Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (await table.InsertAsync(partitionKey, [rows[i]], cancellationToken).ConfigureAwait(false) == LedgerInsert.Inserted)
                continue;
            // The head is looked at after the row: a transaction that brought the row has brought its commit row too.
            if (i == 0 && await IsCommittedAsync(partitionKey, rows[0].RowKey, cancellationToken).ConfigureAwait(false))
                return LedgerInsert.Collided;
            if (await HoldsAsync(partitionKey, rows[i], cancellationToken).ConfigureAwait(false))
                continue;
            // Somebody else may have finished it meanwhile: then it is no orphan, and not ours to judge.
            if (await IsCommittedAsync(partitionKey, rows[0].RowKey, cancellationToken).ConfigureAwait(false))
                return LedgerInsert.Collided;
            throw new LedgerDamagedException(
                $"Row {rows[i].RowKey} of {partitionKey} stands beyond the newest commit and holds other bytes than the stream gives. Nothing more is written. Run proofgate audit verify.");
        }

        return LedgerInsert.Inserted;
    }

    private async Task<bool> IsCommittedAsync(string partitionKey, string eventKey, CancellationToken cancellationToken)
    {
        if (!LedgerKeys.TryEvent(eventKey, out var index))
            throw new ArgumentException("The first row of a commit is an event row.", nameof(eventKey));
        await foreach (var row in table.ReadAsync(partitionKey, LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, 1, cancellationToken).ConfigureAwait(false))
            return LedgerKeys.TryCommit(row.RowKey, out var size) && size > index;
        return false;
    }

    private async Task<bool> HoldsAsync(string partitionKey, LedgerRow wanted, CancellationToken cancellationToken)
    {
        // Nothing sorts between a key and the same key with a space.
        await foreach (var row in table.ReadAsync(partitionKey, wanted.RowKey, wanted.RowKey + " ", 1, cancellationToken).ConfigureAwait(false))
            return row.Columns.Count == wanted.Columns.Count && wanted.Columns.All(c => row.Columns.TryGetValue(c.Key, out var held) && AreEqual(held, c.Value));
        throw new LedgerUnavailableException($"Row {wanted.RowKey} of {partitionKey} exists and cannot be read.", null);
    }

    private static bool AreEqual(object held, object wanted) =>
        held is byte[] bytes ? wanted is byte[] other && bytes.AsSpan().SequenceEqual(other) : held.Equals(wanted);
}
