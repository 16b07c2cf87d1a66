using System.Runtime.CompilerServices;
using Proofgate.Audit;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>Rows in memory: what is measured over it is our own work.</summary>
internal sealed class MemoryTable : ILedgerTable
{
    private readonly SortedDictionary<string, SortedList<string, LedgerRow>> _partitions = new(StringComparer.Ordinal);

    /// <summary>Of keys and columns, as Table storage counts them: names and text two bytes a character.</summary>
    internal long Bytes => _partitions.Values.SelectMany(static p => p.Values).Sum(static r =>
        4L + (2 * (r.PartitionKey.Length + r.RowKey.Length)) + r.Columns.Sum(static c => 8 + (2 * c.Key.Length) + (c.Value is byte[] b ? b.Length + 4 : c.Value is string s ? (2 * s.Length) + 4 : 8)));

    public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        if (!_partitions.TryGetValue(partitionKey, out var held))
        {
            _partitions[partitionKey] = held = new SortedList<string, LedgerRow>(StringComparer.Ordinal);
        }

        foreach (var row in rows)
        {
            held.Add(row.RowKey, row);
        }

        return Task.FromResult(LedgerInsert.Inserted);
    }

    public async IAsyncEnumerable<LedgerRow> ReadAsync(
        string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (!_partitions.TryGetValue(partitionKey, out var held))
        {
            yield break;
        }

        var (low, high) = (0, held.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = string.CompareOrdinal(held.Keys[middle], fromRowKey) < 0 ? (middle + 1, high) : (low, middle);
        }

        for (var left = atMost ?? int.MaxValue; left > 0 && low < held.Count && string.CompareOrdinal(held.Keys[low], beforeRowKey) < 0; left--)
        {
            yield return held.Values[low++];
        }
    }

    public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) =>
        Task.FromResult(_partitions.Keys.FirstOrDefault(k => string.CompareOrdinal(k, after) > 0));
}
