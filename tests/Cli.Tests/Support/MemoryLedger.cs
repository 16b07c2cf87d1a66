using System.Runtime.CompilerServices;
using Proofgate.Audit;

namespace Proofgate.Cli.Tests.Support;

/// <summary>A ledger table in memory, ordered as Table storage orders, whose rows a test can tamper with.</summary>
internal sealed class MemoryLedger : ILedgerTable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Partition, string Row), LedgerRow> _rows = new(Comparer<(string Partition, string Row)>.Create(static (a, b) =>
        string.CompareOrdinal(a.Partition, b.Partition) is not 0 and var partitions ? partitions : string.CompareOrdinal(a.Row, b.Row)));

    internal IReadOnlyList<LedgerRow> Rows
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows.Values];
            }
        }
    }

    public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (rows.Any(row => _rows.ContainsKey((partitionKey, row.RowKey))))
            {
                return Task.FromResult(LedgerInsert.Collided);
            }

            foreach (var row in rows)
            {
                _rows.Add((partitionKey, row.RowKey), row);
            }

            return Task.FromResult(LedgerInsert.Inserted);
        }
    }

    public async IAsyncEnumerable<LedgerRow> ReadAsync(
        string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var row in Rows
            .Where(row => row.PartitionKey == partitionKey
                && string.CompareOrdinal(row.RowKey, fromRowKey) >= 0 && string.CompareOrdinal(row.RowKey, beforeRowKey) < 0)
            .Take(atMost ?? int.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) =>
        Task.FromResult(Rows.Select(static row => row.PartitionKey).FirstOrDefault(key => string.CompareOrdinal(key, after) > 0));

    internal void Remove(LedgerRow row)
    {
        lock (_lock)
        {
            Assert.True(_rows.Remove((row.PartitionKey, row.RowKey)));
        }
    }

    internal void Replace(LedgerRow row, string column, object value)
    {
        lock (_lock)
        {
            _rows[(row.PartitionKey, row.RowKey)] = row with { Columns = new Dictionary<string, object>(row.Columns) { [column] = value } };
        }
    }
}
