using System.Text.Json;
using Proofgate.Policy;

namespace Proofgate.Data.Catalog;

/// <summary>Reads <c>datasets</c> of <c>bundle.json</c>. A column without a label is an error: nobody can decide on it.</summary>
internal sealed class DatasetCatalogSection : IBundleSection
{
    private static readonly string[] Members =
        ["label", "connector", "connection", "table", "view", "statement", "tenant", "tenantColumn", "key", "attributes", "limits", "columns"];

    public object Read(BundleReader bundle)
    {
        var datasets = new Dictionary<string, Dataset>(StringComparer.Ordinal);
        foreach (var (name, node) in bundle.Members("datasets"))
        {
            var path = $"datasets.{name}";
            if (!Identifier.IsValid(name))
            {
                bundle.Problem(path, Identifier.Rule);
                continue;
            }

            foreach (var member in node.EnumerateObject().Where(static m => !Members.Contains(m.Name)))
            {
                bundle.Problem($"{path}.{member.Name}", "is not known here. Check its spelling.");
            }

            datasets.Add(name, ReadDataset(bundle, name, path, node));
        }

        return new DatasetCatalog(datasets);
    }

    private static Dataset ReadDataset(BundleReader bundle, string name, string path, JsonElement node)
    {
        var columns = ColumnReader.Read(bundle, path, node);
        var dataset = new Dataset
        {
            Name = name,
            Label = bundle.Label(node, $"{path}.label", "label"),
            Source = SourceReader.Read(bundle, path, node),
            Tenant = node.TryGetProperty("tenant", out _) ? bundle.Text(node, path, "tenant") : null,
            TenantColumn = node.TryGetProperty("tenantColumn", out _) ? Column(bundle, path, "tenantColumn", bundle.Text(node, path, "tenantColumn"), columns) : null,
            Columns = columns,
            Key = List(bundle, path, "key", node, columns),
            Attributes = List(bundle, path, "attributes", node, columns),
            Limits = LimitReader.Read(bundle, path, node),
        };
        Check(bundle, path, node, dataset);
        return dataset;
    }

    private static void Check(BundleReader bundle, string path, JsonElement node, Dataset dataset)
    {
        if (node.TryGetProperty("tenant", out _) == node.TryGetProperty("tenantColumn", out _))
        {
            bundle.Problem(path, "needs either tenant, whose all rows are, or tenantColumn, which says it of each row.");
        }

        if (dataset.TenantColumn is { Type: not ColumnType.String })
        {
            bundle.Problem($"{path}.tenantColumn", "must be a column of type string.");
        }

        if (dataset.Key.Count == 0 && node.TryGetProperty("columns", out _))
        {
            bundle.Problem($"{path}.key", "must name the columns that no two rows have alike.");
        }

        foreach (var column in dataset.Key.Where(static c => !c.IsRequired || c.Type is ColumnType.Text or ColumnType.Number))
        {
            bundle.Problem($"{path}.key", $"has '{column.Name}', which must be required, and neither text nor a number.");
        }

        if (dataset.Source.Connector == ConnectorKind.AzureTable && !dataset.Key.Select(static c => c.SourceName).SequenceEqual(["PartitionKey", "RowKey"]))
        {
            bundle.Problem($"{path}.key", "of a table of Azure Storage is the columns from PartitionKey and RowKey, in this order.");
        }

        foreach (var attribute in dataset.Attributes.Where(static a => RowSchema.TypeOf(a.Type) is null))
        {
            bundle.Problem($"{path}.attributes", $"has '{attribute.Name}' of type number, for which policies have no exact type.");
        }
    }

    private static List<DatasetColumn> List(BundleReader bundle, string path, string member, JsonElement node, IReadOnlyDictionary<string, DatasetColumn> columns)
    {
        var found = new List<DatasetColumn>();
        if (!node.TryGetProperty(member, out var list))
        {
            return found;
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(static n => n.ValueKind != JsonValueKind.String))
        {
            bundle.Problem($"{path}.{member}", "must be a list of names of columns.");
            return found;
        }

        foreach (var name in list.EnumerateArray().Select(static n => n.GetString()!))
        {
            if (found.Exists(c => c.Name == name))
            {
                bundle.Problem($"{path}.{member}", $"has '{name}' twice.");
            }
            else if (Column(bundle, path, member, name, columns) is { } column)
            {
                found.Add(column);
            }
        }

        return found;
    }

    private static DatasetColumn? Column(BundleReader bundle, string path, string member, string name, IReadOnlyDictionary<string, DatasetColumn> columns)
    {
        if (columns.TryGetValue(name, out var column))
        {
            return column;
        }

        bundle.Problem($"{path}.{member}", $"names '{name}', which is not among the columns.");
        return null;
    }
}
