using System.Text.Json;

namespace Proofgate.Data.Querying;

/// <summary>Reads <c>where</c>: a tree of objects that each have an <c>op</c>. Depth, conditions and values are counted over the whole tree.</summary>
internal sealed class FilterParser(Action<string, string> fault)
{
    private static readonly string[] Comparisons = ["eq", "ne", "lt", "le", "gt", "ge", "likePrefix"];

    private int _conditions;
    private int _values;

    internal FilterSyntax? Read(JsonElement node) => Read(node, "where", 1);

    private FilterSyntax? Read(JsonElement node, string path, int depth)
    {
        if (++_conditions > QueryLimits.Conditions)
        {
            return Fault(path, $"is one condition too many: {QueryLimits.Conditions} are allowed.");
        }

        if (depth > QueryLimits.Depth)
        {
            return Fault(path, $"is too deep: {QueryLimits.Depth} conditions inside one another are allowed.");
        }

        if (node.ValueKind != JsonValueKind.Object || !node.TryGetProperty("op", out var op) || op.ValueKind != JsonValueKind.String)
        {
            return Fault(path, "must be an object with an op: and, or, not, eq, ne, lt, le, gt, ge, in, likePrefix, isNull.");
        }

        return op.GetString() switch
        {
            "and" or "or" => Join(node, path, depth),
            "not" => HasOnly(node, path, "of") && node.TryGetProperty("of", out var operand) ? Read(operand, $"{path}.of", depth + 1) is { } of ? new FilterSyntax.Not(of) : null
                : Fault(path, "needs of: the condition that must not hold."),
            "in" => List(node, path),
            "isNull" => HasOnly(node, path) && Column(node, path) is { } column ? new FilterSyntax.Test("isNull", column, [], path) : null,
            var name when Comparisons.Contains(name) => Comparison(node, path, name!),
            _ => Fault($"{path}.op", "is not known: and, or, not, eq, ne, lt, le, gt, ge, in, likePrefix, isNull."),
        };
    }

    private FilterSyntax? Join(JsonElement node, string path, int depth)
    {
        if (!HasOnly(node, path, "of") || !node.TryGetProperty("of", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return Fault(path, "needs of: a list with at least one condition.");
        }

        var terms = new List<FilterSyntax>();
        foreach (var (item, i) in list.EnumerateArray().Select(static (t, i) => (t, i)))
        {
            if (Read(item, $"{path}.of[{i}]", depth + 1) is not { } term)
            {
                return null;
            }

            terms.Add(term);
        }

        return new FilterSyntax.Join(node.GetProperty("op").GetString() == "and", terms);
    }

    private FilterSyntax? Comparison(JsonElement node, string path, string op)
    {
        if (!HasOnly(node, path, "value") || Column(node, path) is not { } column)
        {
            return null;
        }

        return node.TryGetProperty("value", out var value) && Value(value, $"{path}.value")
            ? new FilterSyntax.Test(op, column, [value], path)
            : Fault($"{path}.value", "must be a text, a number, true or false. Use isNull for what is not there.");
    }

    private FilterSyntax? List(JsonElement node, string path)
    {
        if (!HasOnly(node, path, "values") || Column(node, path) is not { } column)
        {
            return null;
        }

        if (!node.TryGetProperty("values", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return Fault($"{path}.values", "must be a list with at least one value.");
        }

        var values = new List<JsonElement>();
        foreach (var (item, i) in list.EnumerateArray().Select(static (v, i) => (v, i)))
        {
            if (!Value(item, $"{path}.values[{i}]"))
            {
                return Fault($"{path}.values[{i}]", "must be a text, a number, true or false.");
            }

            values.Add(item);
        }

        return new FilterSyntax.Test("in", column, values, path);
    }

    private bool Value(JsonElement value, string path)
    {
        if (++_values > QueryLimits.Values)
        {
            Fault(path, $"is one value too many: {QueryLimits.Values} are allowed in all conditions together.");
        }
        else if (value.ValueKind is JsonValueKind.String && value.GetString()!.Length > QueryLimits.ValueLength)
        {
            Fault(path, $"may have {QueryLimits.ValueLength} characters.");
        }

        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
    }

    private string? Column(JsonElement node, string path)
    {
        if (node.TryGetProperty("column", out var column) && column.ValueKind == JsonValueKind.String)
        {
            return column.GetString();
        }

        Fault($"{path}.column", "must name a column.");
        return null;
    }

    private bool HasOnly(JsonElement node, string path, string? member = null)
    {
        foreach (var other in node.EnumerateObject().Where(m => m.Name != "op" && m.Name != member && (m.Name != "column" || member == "of")))
        {
            Fault($"{path}.{other.Name}", "is not a member of this condition.");
            return false;
        }

        return true;
    }

    private FilterSyntax? Fault(string path, string message)
    {
        fault(path, message);
        return null;
    }
}
