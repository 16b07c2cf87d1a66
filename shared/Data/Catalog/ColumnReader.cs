using System.Text.Json;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Data.Catalog;

/// <summary>Reads the columns of a dataset.</summary>
internal static class ColumnReader
{
    private const int MaxColumns = 1000;
    private const int MaxSourceName = 128;

    private static readonly string[] Members = ["type", "label", "kind", "required", "from"];

    internal static Dictionary<string, DatasetColumn> Read(BundleReader bundle, string path, JsonElement dataset)
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
            if (!Identifier.IsValid(column.Name))
            {
                bundle.Problem(place, Identifier.Rule);
            }
            else if (column.Value.ValueKind != JsonValueKind.Object)
            {
                bundle.Problem(place, "must be an object with a type and a label.");
            }
            else
            {
                columns.Add(column.Name, ReadColumn(bundle, place, column.Name, column.Value));
            }
        }

        foreach (var twice in columns.Values.GroupBy(static c => c.SourceName, StringComparer.OrdinalIgnoreCase).Where(static g => g.Count() > 1))
        {
            // A column under a second name would have a second label.
            bundle.Problem($"{path}.columns", $"has '{twice.Key}' of the source more than once.");
        }

        return columns;
    }

    private static DatasetColumn ReadColumn(BundleReader bundle, string place, string name, JsonElement node)
    {
        foreach (var member in node.EnumerateObject().Where(static m => !Members.Contains(m.Name)))
        {
            bundle.Problem($"{place}.{member.Name}", "is not known here. Check its spelling.");
        }

        var column = new DatasetColumn
        {
            Name = name,
            SourceName = node.TryGetProperty("from", out _) ? bundle.Text(node, place, "from") : name,
            Type = ReadType(bundle, place, node),
            Label = bundle.Label(node, $"{place}.label", "label"),
            Kind = ReadKind(bundle, place, node),
            IsRequired = node.TryGetProperty("required", out _) && bundle.Flag(node, place, "required"),
        };
        if (column.SourceName.Length > MaxSourceName || column.SourceName.Any(char.IsControl))
        {
            bundle.Problem($"{place}.from", $"may have {MaxSourceName} characters, none of them a control character.");
        }

        if (column is { Kind: not null, Type: ColumnType.Text })
        {
            bundle.Problem($"{place}.kind", "is of a value; prose (type text) is inspected for every kind.");
        }

        return column;
    }

    private static ColumnType ReadType(BundleReader bundle, string place, JsonElement node)
    {
        if (node.TryGetProperty("type", out _))
        {
            return bundle.Choice(node, place, "type", ColumnType.String);
        }

        bundle.Problem($"{place}.type", $"must be one of {string.Join(", ", Enum.GetNames<ColumnType>().Select(static n => n.ToLowerInvariant()))}.");
        return ColumnType.String;
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
