using System.Runtime.CompilerServices;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>The ledger table in memory, with Table storage's rules checked and a fault to be put before or after any call.</summary>
internal sealed class MemoryLedgerTable : ILedgerTable
{
    private readonly Lock _lock = new();

    internal SortedDictionary<string, SortedList<string, LedgerRow>> Partitions { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls so far; every read, walk and insert is one.</summary>
    internal int Calls { get; private set; }

    internal List<int> InsertSizes { get; } = [];

    /// <summary>Called with the number of the call, before and after it is done; throws to make a fault.</summary>
    internal Action<int, bool>? Fault { get; set; }

    /// <summary>The insertion before which the writer is stopped, counted from 0; negative: none.</summary>
    internal int FailInsert { get; set; } = -1;

    internal LedgerRow Remove(string partition, string key)
    {
        lock (_lock)
        {
            var rows = Partitions[partition];
            var row = rows[key];
            rows.Remove(key);
            return row;
        }
    }

    internal MemoryLedgerTable Copy()
    {
        var copy = new MemoryLedgerTable();
        foreach (var (key, rows) in Partitions)
            copy.Partitions[key] = new SortedList<string, LedgerRow>(rows, StringComparer.Ordinal);
        return copy;
    }

    public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        var call = Before();
        LedgerInsert result;
        lock (_lock)
        {
            if (FailInsert >= 0 && InsertSizes.Count >= FailInsert)
                throw new LedgerUnavailableException("stopped");
            Assert.InRange(rows.Count, 1, 100);
            Assert.All(rows, r => Assert.Equal(partitionKey, r.PartitionKey));
            Assert.Equal(rows.Count, rows.Select(r => r.RowKey).Distinct().Count());
            foreach (var row in rows)
            {
                Assert.True(row.Columns.Count <= 252);
                Assert.True(row.Columns.Values.Sum(ValueBytes) <= 1 << 20);
                Assert.All(row.Columns.Values.OfType<byte[]>(), b => Assert.InRange(b.Length, 1, 65536));
            }

            Assert.True(rows.Sum(r => r.Columns.Values.Sum(ValueBytes)) <= 3_670_016);
            var held = Partitions.GetValueOrDefault(partitionKey);
            if (rows.Any(r => held?.ContainsKey(r.RowKey) == true))
            {
                result = LedgerInsert.Collided;
            }
            else
            {
                Partitions[partitionKey] = held ??= new SortedList<string, LedgerRow>(StringComparer.Ordinal);
                foreach (var row in rows)
                    held[row.RowKey] = row;
                InsertSizes.Add(rows.Count);
                result = LedgerInsert.Inserted;
            }
        }

        Fault?.Invoke(call, true);
        return Task.FromResult(result);
    }

    public async IAsyncEnumerable<LedgerRow> ReadAsync(
        string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = Before();
        List<LedgerRow> rows;
        lock (_lock)
        {
            rows = [];
            if (Partitions.GetValueOrDefault(partitionKey) is { } held)
            {
                for (var i = Place(held.Keys, fromRowKey); i < held.Count && rows.Count < (atMost ?? int.MaxValue); i++)
                {
                    if (string.CompareOrdinal(held.Keys[i], beforeRowKey) >= 0)
                        break;
                    rows.Add(held.Values[i]);
                }
            }
        }

        Fault?.Invoke(call, true);
        await Task.CompletedTask;
        foreach (var row in rows)
            yield return row;
    }

    public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken)
    {
        var call = Before();
        string? next;
        lock (_lock)
            next = Partitions.Keys.FirstOrDefault(k => string.CompareOrdinal(k, after) > 0);
        Fault?.Invoke(call, true);
        return Task.FromResult(next);
    }

    private int Before()
    {
        int call;
        lock (_lock)
            call = Calls++;
        Fault?.Invoke(call, false);
        return call;
    }

    private static int Place(IList<string> keys, string key)
    {
        var (low, high) = (0, keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(keys[middle], key) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static int ValueBytes(object value) => value is byte[] bytes ? bytes.Length : value is string text ? 2 * text.Length : 8;
}
