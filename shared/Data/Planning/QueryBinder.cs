using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Data.Filters;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Protection;

namespace Proofgate.Data.Planning;

/// <summary>Gives names and values of a query their meaning for one caller: a column that is not this caller's is no column.</summary>
internal sealed class QueryBinder(Dataset dataset, Sight sight)
{
    /// <summary>The first fault.</summary>
    internal QueryFault? Fault { get; private set; }

    /// <summary>Null, and a fault, if there is no such column for this caller.</summary>
    internal DatasetColumn? Column(string name, string member)
    {
        if (dataset.Columns.TryGetValue(name, out var column) && IsReadable(column))
        {
            return column;
        }

        Fault ??= QueryFault.NoSuchColumn(name, member);
        return null;
    }

    /// <summary>A column whose values the caller sees as they are: only such can be compared, ordered and counted by, else each comparison tells something of them.</summary>
    internal DatasetColumn? Plain(string name, string member)
    {
        if (Column(name, member) is not { } column)
        {
            return null;
        }

        if (IsPlain(column))
        {
            return column;
        }

        Fault ??= new QueryFault(
            "column_masked",
            column.Type == ColumnType.Text
                ? $"'{name}' is prose in which you may not see everything: it can be selected, and tested with isNull."
                : $"'{name}' is shown to you masked: it can be selected, and tested with isNull.",
            member);
        return null;
    }

    internal Aggregate? Misuse(AggregateSyntax aggregate)
    {
        Fault ??= new QueryFault(
            "invalid_query",
            aggregate.Function is AggregateFunction.Sum or AggregateFunction.Avg
                ? $"'{aggregate.Column}' is no integer: only those are summed, because a sum of other numbers depends on the order of rows."
                : $"'{aggregate.Column}' has no least and no greatest value.",
            "aggregates");
        return null;
    }

    internal bool IsReadable(DatasetColumn column) => sight.Columns.Contains(dataset.ToEntity(column).Uid);

    internal bool IsPlain(DatasetColumn column) =>
        column.Type == ColumnType.Text ? RuleSet.Default.Kinds.All(sight.Redaction.Revealed.Contains)
        : column.Kind is not { } kind || sight.Redaction.Revealed.Contains(kind);

    /// <summary>Null, and a fault, if it says nothing that this dataset and caller know.</summary>
    internal Filter? Bind(FilterSyntax? where)
    {
        switch (where)
        {
            case null:
                return Filter.True;
            case FilterSyntax.Join join:
                var terms = join.Of.Select(Bind).ToList();
                return terms.Contains(null) ? null : join.IsAnd ? Filter.AllOf(terms!) : Filter.AnyOf(terms!);
            case FilterSyntax.Not not:
                return Bind(not.Of) is { } operand ? Filter.Negate(operand) : null;
            default:
                return Bind((FilterSyntax.Test)where);
        }
    }

    private Filter? Bind(FilterSyntax.Test test)
    {
        if (test.Op == "isNull")
        {
            return Column(test.Column, test.Path) is { } any ? new Filter.IsNull(any) : null;
        }

        if (Plain(test.Column, test.Path) is not { } column)
        {
            return null;
        }

        var values = new List<Cell>();
        foreach (var value in test.Values)
        {
            if (Value(value, column.Type) is not { } cell)
            {
                Fault ??= new QueryFault("invalid_value", $"'{test.Column}' is compared with a value that is not {Describe(column.Type)}.", test.Path);
                return null;
            }

            values.Add(cell);
        }

        if (test.Op == "in")
        {
            return new Filter.In(column, [.. values.Distinct()]);
        }

        if (test.Op == "likePrefix")
        {
            if (column.Type is ColumnType.String or ColumnType.Text)
            {
                return new Filter.Like(column, [values[0].Text, string.Empty]);
            }

            Fault ??= new QueryFault("invalid_value", $"'{test.Column}' has no beginning: likePrefix is for texts.", test.Path);
            return null;
        }

        if (column.Type == ColumnType.Boolean && test.Op is not ("eq" or "ne"))
        {
            Fault ??= new QueryFault("invalid_value", $"'{test.Column}' is true or false: neither comes first.", test.Path);
            return null;
        }

        return new Filter.Compare(column, Operator(test.Op), values[0]);
    }

    private static CompareOperator Operator(string op) => op switch
    {
        "eq" => CompareOperator.Equal,
        "ne" => CompareOperator.NotEqual,
        "lt" => CompareOperator.Less,
        "le" => CompareOperator.LessOrEqual,
        "gt" => CompareOperator.Greater,
        _ => CompareOperator.GreaterOrEqual,
    };

    /// <summary>Exactly the column's type: no text is a number, no number a text.</summary>
    private static Cell? Value(JsonElement value, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.String or ColumnType.Text when value.ValueKind == JsonValueKind.String:
                return Cell.Of(value.GetString()!);
            case ColumnType.Integer when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var integer):
                return Cell.Of(integer);
            case ColumnType.Number when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number):
                return Cell.Of(number);
            case ColumnType.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return Cell.Of(value.GetBoolean());
            case ColumnType.Datetime when value.ValueKind == JsonValueKind.String && Moment(value.GetString()!) is { } moment:
                return Cell.Datetime(moment);
            default:
                return null;
        }
    }

    private static long? Moment(string text) =>
        text.Contains('T', StringComparison.Ordinal) && DatetimeValue.TryParse(text, out var parsed) ? parsed.Milliseconds : null;

    private static string Describe(ColumnType type) => type switch
    {
        ColumnType.String or ColumnType.Text => "a text",
        ColumnType.Integer => "a whole number of 64 bits",
        ColumnType.Number => "a number",
        ColumnType.Boolean => "true or false",
        _ => "a moment such as 2026-06-15T09:30:00Z",
    };
}
