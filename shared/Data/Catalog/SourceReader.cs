using System.Text.Json;
using Proofgate.Policy;

namespace Proofgate.Data.Catalog;

/// <summary>Reads where a dataset's rows are.</summary>
internal static class SourceReader
{
    private static readonly string[] Forms = ["table", "view", "statement"];

    internal static DatasetSource Read(BundleReader bundle, string path, JsonElement node)
    {
        var connector = ReadConnector(bundle, path, node);
        var given = Forms.Where(f => node.TryGetProperty(f, out _)).ToList();
        if (given.Count != 1)
        {
            bundle.Problem(path, $"needs one of {string.Join(", ", Forms)}.");
        }

        var form = given.FirstOrDefault() ?? "table";
        var text = given.Count == 0 ? string.Empty : bundle.Text(node, path, form);
        if (form == "statement" && connector is ConnectorKind.AzureTable or ConnectorKind.HttpJson)
        {
            bundle.Problem($"{path}.statement", "is for databases that speak SQL.");
        }

        return new DatasetSource
        {
            Connector = connector,
            Connection = bundle.Text(node, path, "connection"),
            Table = form == "statement" ? null : text,
            Statement = form == "statement" ? text : null,
        };
    }

    private static ConnectorKind ReadConnector(BundleReader bundle, string path, JsonElement node)
    {
        if (node.TryGetProperty("connector", out _))
        {
            return bundle.Choice(node, path, "connector", ConnectorKind.Sqlite);
        }

        bundle.Problem($"{path}.connector", "must be one of sqlite, postgresql, sqlserver, azure-table, http-json.");
        return ConnectorKind.Sqlite;
    }
}
