using Azure.Data.Tables;
using Proofgate.AzureStores.Rows;
using Proofgate.Identity.Denials;

namespace Proofgate.AzureStores.Keys;

/// <summary>An entry of the deny list as a row.</summary>
internal static class DenyRow
{
    private const string Prefix = "d-";

    /// <summary>All entries: '.' follows '-'.</summary>
    internal static readonly (string From, string Before) Range = (Prefix, "d.");

    internal static string KeyOf(DenyEntry entry) => Prefix + entry.Id;

    internal static TableEntity From(string partition, DenyEntry entry) => new RowWriter(partition, KeyOf(entry))
        .Text("Tenant", entry.Tenant)
        .Text("Kind", entry.Kind.ToString())
        .Text("Value", entry.Value)
        .Moment("Until", entry.Until)
        .Text("Reason", entry.Reason)
        .Text("By", entry.By)
        .Moment("Created", entry.Created)
        .Row;

    /// <exception cref="MalformedRowException">Anything is missing, unknown or of another form, or the row's key is that of another entry.</exception>
    internal static DenyEntry Read(string table, TableEntity row)
    {
        var reader = new RowReader(table, row);
        var entry = new DenyEntry
        {
            Tenant = reader.Text("Tenant"),
            Kind = reader.Choice<DenyKind>("Kind"),
            Value = reader.Text("Value"),
            Until = reader.OptionalMoment("Until"),
            Reason = reader.OptionalText("Reason"),
            By = reader.Text("By"),
            Created = reader.Moment("Created"),
            Version = row.ETag.ToString(),
        };
        reader.End();
        return KeyOf(entry) == row.RowKey ? entry : throw reader.Malformed("its row key is that of another entry");
    }
}
