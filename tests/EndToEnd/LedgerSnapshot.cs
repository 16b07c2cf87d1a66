using Azure.Data.Tables;
using Proofgate.Audit.Ledger;

namespace Proofgate.EndToEnd;

/// <summary>The leaves of every log as Table storage has them, and the root that each commit row names. Read without the product's reader.</summary>
internal sealed class LedgerSnapshot
{
    private readonly SortedDictionary<string, List<MerkleHash>> _leaves = new(StringComparer.Ordinal);

    /// <summary>By log and size.</summary>
    internal Dictionary<(string Log, long Size), string> Roots { get; } = [];

    internal int Leaves => _leaves.Values.Sum(static l => l.Count);

    internal IReadOnlyDictionary<string, List<MerkleHash>> Logs => _leaves;

    internal static async Task<LedgerSnapshot> TakeAsync(string connection)
    {
        var snapshot = new LedgerSnapshot();
        await foreach (var row in new TableClient(connection, "Audit").QueryAsync<TableEntity>())
        {
            if (row.RowKey[0] == 'z')
            {
                snapshot.Roots[(row.PartitionKey, row.GetInt64("size")!.Value)] = Convert.ToHexStringLower(row.GetBinary("root"));
                continue;
            }

            if (row.RowKey[0] == 's')
            {
                // What was signed: no leaf, and the super-log's have none here at all.
                continue;
            }

            if (!snapshot._leaves.TryGetValue(row.PartitionKey, out var leaves))
            {
                snapshot._leaves[row.PartitionKey] = leaves = [];
            }

            Assert.Equal($"e{leaves.Count:D19}", row.RowKey);
            var pieces = row.Keys.Where(static k => k[0] == 'b').Order(StringComparer.Ordinal).SelectMany(k => row.GetBinary(k)).ToArray();
            leaves.Add(MerkleHash.OfLeaf(pieces));
        }

        return snapshot;
    }

    /// <summary>The root that the first leaves give, whoever committed them in which pieces.</summary>
    internal string RootAt(string log, long size) => MerkleProof.Root(_leaves[log].Take((int)size).ToArray()).ToString();

    /// <summary>How often each leaf stands in any log.</summary>
    internal Dictionary<MerkleHash, int> Times() => _leaves.Values.SelectMany(static l => l).GroupBy(static h => h).ToDictionary(static g => g.Key, static g => g.Count());
}
