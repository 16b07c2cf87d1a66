using System.Runtime.CompilerServices;
using Proofgate.Audit;
using Proofgate.AzureStores;

namespace Proofgate.Cli.Ledger;

/// <summary>
/// Reads on where the store gives up: a row with a column of a type that the ledger never has is handed over with that column alone, so that
/// the verifier finds it changed and goes on with the rest. Writes nothing.
/// </summary>
internal sealed class ForgivingLedger(ILedgerTable inner) : ILedgerTable
{
    public async IAsyncEnumerable<LedgerRow> ReadAsync(
        string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, left) = (fromRowKey, atMost);
        while (from is not null)
        {
            var rows = inner.ReadAsync(partitionKey, from, beforeRowKey, left, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var disposing = rows;
            from = null;
            while (true)
            {
                LedgerRow row;
                try
                {
                    if (!await rows.MoveNextAsync())
                    {
                        break;
                    }

                    row = rows.Current;
                }
                catch (MalformedRowException malformed)
                {
                    row = new LedgerRow(partitionKey, malformed.RowKey, new Dictionary<string, object> { ["malformed"] = malformed.Message });
                    // Nothing sorts between a key and the same key with a space: keys hold no control characters.
                    from = malformed.RowKey + " ";
                }

                left--;
                yield return row;
                if (from is not null)
                {
                    from = left is <= 0 ? null : from;
                    break;
                }
            }
        }
    }

    public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) => inner.NextPartitionAsync(after, cancellationToken);

    public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Whoever verifies does not write.");
}
