using System.Globalization;
using Azure.Data.Tables;
using Proofgate.Support;

namespace Proofgate.Data.Tests.Support;

/// <summary>People in a table of Azurite. Rows have no schema in common: what is of another type poisons.</summary>
internal sealed class AzureTableSource(AzuriteFixture azurite, string table) : ISourceUnderTest
{
    private readonly TableClient _table = new(azurite.ConnectionString, table);
    private Dictionary<(string Partition, string Row), TableEntity> _held = [];

    public (string Key, string? Value)[] Settings => [("Proofgate:DataSources:main:Address", null), ("Proofgate:DataSources:main:Secret", azurite.ConnectionString)];

    public string Manifest(string limits) => People.Manifest("azure-table", limits, table: table)
        .Replace("\"key\": [\"id\"]", "\"key\": [\"tenant\", \"row\"]", StringComparison.Ordinal)
        .Replace("\"tenant\": { \"type\"", "\"row\": { \"from\": \"RowKey\", \"type\": \"string\", \"label\": \"public\", \"required\": true }, \"tenant\": { \"from\": \"PartitionKey\", \"type\"", StringComparison.Ordinal);

    /// <summary>Moments begin in 1601.</summary>
    public RawRow Possible(RawRow row) => row with
    {
        Cells = new Dictionary<string, Cell>(row.Cells)
        {
            ["row"] = Cell.Of(string.Create(CultureInfo.InvariantCulture, $"{row.Id + 1000:D6}")),
            ["seen"] = row.Cells["seen"] is { IsNull: false, Integer: < -11644473600000 } ? Cell.Null : row.Cells["seen"],
        },
    };

    public async Task FillAsync(IReadOnlyList<RawRow> rows)
    {
        var wanted = rows.ToDictionary(static r => (r.Cells["tenant"].Text, r.Cells["row"].Text), EntityOf);
        var actions = wanted.Values.Select(static e => new TableTransactionAction(TableTransactionActionType.UpsertReplace, e))
            .Concat(_held.Where(h => !wanted.ContainsKey(h.Key)).Select(static h => new TableTransactionAction(TableTransactionActionType.Delete, h.Value)));
        foreach (var partition in actions.GroupBy(static a => a.Entity.PartitionKey))
        {
            await _table.SubmitTransactionAsync(partition);
        }

        _held = wanted;
    }

    internal Task CreateAsync() => _table.CreateIfNotExistsAsync();

    private static TableEntity EntityOf(RawRow row)
    {
        var entity = new TableEntity(row.Cells["tenant"].Text, row.Cells["row"].Text);
        foreach (var (column, cell) in row.Cells.Where(c => c.Key is not "tenant" and not "row"))
        {
            if (row.Poisoned.Contains(column))
            {
                entity[column] = row.Id % 2 == 0 ? new byte[] { 1, 2, 255 } : Guid.Empty;
            }
            else if (!cell.IsNull)
            {
                entity[column] = cell.Kind switch
                {
                    CellKind.Text => cell.Text,
                    CellKind.Number => cell.Number,
                    CellKind.Boolean => cell.Boolean,
                    CellKind.Datetime => DateTimeOffset.FromUnixTimeMilliseconds(cell.Integer),
                    _ => cell.Integer,
                };
            }
        }

        return entity;
    }
}
