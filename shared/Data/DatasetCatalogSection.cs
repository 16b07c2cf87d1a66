using System.Text.Json;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Data;

/// <summary>Reads <c>datasets</c> of <c>bundle.json</c>. A column without a label is an error: nobody can decide on it.</summary>
internal sealed class DatasetCatalogSection : IBundleSection
{
    private const int MaxColumns = 1000;

    public object Read(BundleReader bundle)
    {
        var datasets = new Dictionary<string, Dataset>(StringComparer.Ordinal);
        foreach (var (name, node) in bundle.Members("datasets"))
        {
            var path = $"datasets.{name}";
            datasets.Add(name, new Dataset
            {
                Name = name,
                Label = bundle.Label(node, $"{path}.label", "label"),
                Columns = ReadColumns(bundle, path, node),
            });
        }

        return new DatasetCatalog(datasets);
    }

    private static Dictionary<string, DatasetColumn> ReadColumns(BundleReader bundle, string path, JsonElement dataset)
    {
        var columns = new Dictionary<string, DatasetColumn>(StringComparer.Ordinal);
        if (!dataset.TryGetProperty("columns", out var list) || list.ValueKind != JsonValueKind.Object || list.GetPropertyCount() is 0 or > MaxColumns)
        {
            bundle.Problem($"{path}.columns", $"must be an object with 1 to {MaxColumns} columns.");
            return columns;
        }

        foreach (var column in list.EnumerateObject())
        {
            var place = $"{path}.columns.{column.Name}";
            if (column.Value.ValueKind != JsonValueKind.Object)
            {
                bundle.Problem(place, "must be an object with a label.");
                continue;
            }

            columns.Add(column.Name, new DatasetColumn(column.Name, bundle.Label(column.Value, $"{place}.label", "label"), ReadKind(bundle, place, column.Value)));
        }

        return columns;
    }

    private static Kind? ReadKind(BundleReader bundle, string place, JsonElement column)
    {
        if (!column.TryGetProperty("kind", out _))
        {
            return null;
        }

        var name = bundle.Text(column, place, "kind");
        if (Kind.TryParse(name, out var kind) && RuleSet.Default.Kinds.Contains(kind))
        {
            return kind;
        }

        bundle.Problem($"{place}.kind", $"must be one of {string.Join(", ", RuleSet.Default.Kinds)}.");
        return null;
    }
}
