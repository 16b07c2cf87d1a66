using Proofgate.Audit;

namespace Proofgate.AzureStores.Tests.Ledger;

internal static class LedgerRows
{
    internal static LedgerRow Row(string partition, string rowKey, params (string Name, object Value)[] columns) =>
        new(partition, rowKey, columns.ToDictionary(static c => c.Name, static c => c.Value));

    internal static LedgerRow Numbered(string partition, long index) => Row(partition, $"e{index:D19}", ("seq", index));

    internal static async Task<List<LedgerRow>> AllAsync(this ILedgerTable ledger, string partition, string from = "a", string before = "~", int? atMost = null)
    {
        var rows = new List<LedgerRow>();
        await foreach (var row in ledger.ReadAsync(partition, from, before, atMost, CancellationToken.None))
            rows.Add(row);
        return rows;
    }
}
