using Proofgate.Audit;

namespace Proofgate.Http.Tests.Support;

/// <summary>A ledger that holds nothing yet.</summary>
internal sealed class EmptyLedger : ILedgerTable
{
    public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A gateway does not write the ledger.");

    public IAsyncEnumerable<LedgerRow> ReadAsync(string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<LedgerRow>();

    public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
