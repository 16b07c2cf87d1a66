using Azure.Data.Tables;
using Proofgate.Audit;
using Proofgate.AzureStores.Rows;

namespace Proofgate.AzureStores.Ledger;

/// <summary>A ledger row as the table's client sees it, and back: every column, unknown ones too, because the verifier looks for those.</summary>
internal static class LedgerEntity
{
    internal static TableEntity From(LedgerRow row)
    {
        var entity = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (name, value) in row.Columns)
            entity.Add(name, value);
        return entity;
    }

    /// <exception cref="MalformedRowException">A column has a type that the ledger never stores.</exception>
    internal static LedgerRow Read(string table, TableEntity entity)
    {
        var columns = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var name in RowReader.Columns(entity))
        {
            if (entity[name] is not (long or string or byte[]))
                throw new MalformedRowException(table, entity.PartitionKey, entity.RowKey, $"column '{name}' is of a type that the ledger never stores");
            columns.Add(name, entity[name]);
        }

        return new LedgerRow(entity.PartitionKey, entity.RowKey, columns);
    }
}
