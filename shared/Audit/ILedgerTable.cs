namespace Proofgate.Audit;

/// <summary>
/// The ledger's storage as its writer sees it: insert and read, and nothing else. There is no update and no delete to call.
/// Row and partition keys are compared ordinally, as Table storage does.
/// </summary>
public interface ILedgerTable
{
    /// <summary>Inserts all rows in one atomic transaction (at most 100 rows, 3.5 MiB, one partition); one row alone without any.</summary>
    /// <returns><see cref="LedgerInsert.Inserted"/>, or <see cref="LedgerInsert.Collided"/> if any row key exists (nothing was written).</returns>
    /// <exception cref="LedgerUnavailableException">The result is unknown or the table is out of reach. Read the head before trying again.</exception>
    Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken);

    /// <summary>Rows of one partition in row-key order, <paramref name="fromRowKey"/> inclusive to <paramref name="beforeRowKey"/> exclusive.</summary>
    IAsyncEnumerable<LedgerRow> ReadAsync(
        string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, CancellationToken cancellationToken);

    /// <summary>The first partition key after <paramref name="after"/> (exclusive), or null. Starting from "" it walks all of them.</summary>
    Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken);
}
