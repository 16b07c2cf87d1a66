using Proofgate.Cedar;
using Proofgate.Cedar.Residuals;
using Proofgate.Data.Filters;

namespace Proofgate.Data.Planning;

/// <summary>
/// Says a residual of <c>readRow</c> as a <see cref="Filter"/>, exactly or not at all. A term that fails for a row is false there, as <see cref="ResidualExpression.Holds"/>
/// has it, so that no negation brings the row back.
/// </summary>
internal sealed class RowFilter(Dataset dataset)
{
    /// <summary>Null: it cannot be said exactly.</summary>
    internal Filter? Translate(ResidualExpression allowed) => allowed switch
    {
        ResidualExpression.Literal { Value: BoolValue test } => test.Value ? Filter.True : Filter.False,
        ResidualExpression.And and => Join(and.Terms, Filter.AllOf),
        ResidualExpression.Or or => Join(or.Terms, Filter.AnyOf),
        ResidualExpression.Not { CanFail: false } not => Translate(not.Operand) is { } operand ? Filter.Negate(operand) : null,
        ResidualExpression.Has { Target: ResidualExpression.Unknown { Which: ResidualExpression.Unknown.Part.Resource }, Path: [var name] } =>
            Attribute(name) is { } column ? Filter.HasValue(column) : Filter.False,
        ResidualExpression.Holds holds => Test(holds.Operand, holds.Expected),
        _ => null,
    };

    /// <summary>The attributes that residuals look at.</summary>
    internal IReadOnlyList<DatasetColumn> ColumnsOf(IEnumerable<Residual> residuals)
    {
        var found = new HashSet<DatasetColumn>();
        foreach (var policy in residuals.SelectMany(static r => r.Policies))
        {
            Collect(policy.Condition, found);
        }

        return [.. dataset.Attributes.Where(found.Contains)];
    }

    private void Collect(ResidualExpression expression, HashSet<DatasetColumn> found)
    {
        var name = expression switch
        {
            ResidualExpression.Get { Target: ResidualExpression.Unknown } get => get.Name,
            ResidualExpression.Has { Target: ResidualExpression.Unknown } has => has.Path[0],
            _ => null,
        };
        if (name is not null && Attribute(name) is { } column)
        {
            found.Add(column);
        }

        foreach (var operand in expression.Operands)
        {
            Collect(operand, found);
        }
    }

    private Filter? Join(IReadOnlyList<ResidualExpression> terms, Func<IEnumerable<Filter>, Filter> join)
    {
        var said = terms.Select(Translate).ToList();
        return said.Contains(null) ? null : join(said!);
    }

    /// <summary>That the operand is the expected bool and does not fail.</summary>
    private Filter? Test(ResidualExpression operand, bool expected) => operand switch
    {
        ResidualExpression.Get get when Attribute(get) is { Type: ColumnType.Boolean } column => new Filter.Compare(column, CompareOperator.Equal, Cell.Of(expected)),
        // An attribute that is no bool fails as a test, and so does one that is not there.
        ResidualExpression.Get { Target: ResidualExpression.Unknown { Which: ResidualExpression.Unknown.Part.Resource } } => Filter.False,
        ResidualExpression.Equal equal => Equal(equal, expected != equal.Negated),
        ResidualExpression.Compare compare => Compare(compare, expected),
        ResidualExpression.Like { Target: ResidualExpression.Get get } like => Attribute(get) is { } column ? Like(column, like.Segments, expected) : null,
        ResidualExpression.Contains { Op: ResidualExpression.Contains.Operator.One, Target: ResidualExpression.Literal { Value: SetValue set }, Argument: ResidualExpression.Get get } =>
            Attribute(get) is { } column ? In(column, set, expected) : null,
        ResidualExpression.Not not => Test(not.Operand, !expected),
        ResidualExpression.Has or ResidualExpression.And or ResidualExpression.Or { CanFail: false } when !operand.CanFail && Translate(operand) is { } total =>
            expected ? total : Filter.Negate(total),
        _ => null,
    };

    private Filter? Equal(ResidualExpression.Equal equal, bool same)
    {
        if (equal is { Left: ResidualExpression.Get left, Right: ResidualExpression.Get right })
        {
            return Attribute(left) is { } a && Attribute(right) is { } b
                ? KindOf(a) == KindOf(b) ? new Filter.CompareColumns(a, same ? CompareOperator.Equal : CompareOperator.NotEqual, b)
                    : same ? Filter.False : Filter.AllOf([Filter.HasValue(a), Filter.HasValue(b)])
                : null;
        }

        var (get, value) = equal switch
        {
            { Left: ResidualExpression.Get l, Right: ResidualExpression.Literal v } => (l, v.Value),
            { Left: ResidualExpression.Literal v, Right: ResidualExpression.Get r } => (r, v.Value),
            _ => (null, null),
        };
        if (get is null || Attribute(get) is not { } column)
        {
            return null;
        }

        // Values of different kinds are unequal, and that is no failure.
        return CellOf(value!, column) is { } cell
            ? new Filter.Compare(column, same ? CompareOperator.Equal : CompareOperator.NotEqual, cell)
            : same ? Filter.False : Filter.HasValue(column);
    }

    private Filter? Compare(ResidualExpression.Compare compare, bool expected)
    {
        var op = compare.Op switch
        {
            ResidualExpression.Compare.Operator.Less => CompareOperator.Less,
            ResidualExpression.Compare.Operator.LessOrEqual => CompareOperator.LessOrEqual,
            ResidualExpression.Compare.Operator.Greater => CompareOperator.Greater,
            _ => CompareOperator.GreaterOrEqual,
        };
        op = expected ? op : Opposite(op);
        switch (compare)
        {
            case { Left: ResidualExpression.Get left, Right: ResidualExpression.Get right }:
                return Attribute(left) is { } a && Attribute(right) is { } b
                    ? IsOrdered(a) && KindOf(a) == KindOf(b) ? new Filter.CompareColumns(a, op, b) : Filter.False
                    : null;
            case { Left: ResidualExpression.Get left, Right: ResidualExpression.Literal value }:
                return Attribute(left) is { } column ? Ordered(column, op, value.Value) : null;
            case { Left: ResidualExpression.Literal value, Right: ResidualExpression.Get right }:
                return Attribute(right) is { } other ? Ordered(other, Mirrored(op), value.Value) : null;
            default:
                return null;
        }
    }

    /// <summary>Cedar orders longs and datetimes; with anything else the comparison fails.</summary>
    private static Filter Ordered(DatasetColumn column, CompareOperator op, Value value) =>
        IsOrdered(column) && CellOf(value, column) is { } cell ? new Filter.Compare(column, op, cell) : Filter.False;

    private static Filter Like(DatasetColumn column, IReadOnlyList<string> segments, bool expected)
    {
        if (column.Type is not (ColumnType.String or ColumnType.Text))
        {
            return Filter.False;
        }

        var like = new Filter.Like(column, segments);
        return expected ? like : Filter.AllOf([Filter.HasValue(column), Filter.Negate(like)]);
    }

    private static Filter In(DatasetColumn column, SetValue set, bool expected)
    {
        var cells = set.AsSpan().ToArray().Select(v => CellOf(v, column)).OfType<Cell>().Distinct().ToList();
        Filter found = cells.Count == 0 ? Filter.False : new Filter.In(column, cells);
        return expected ? found : Filter.AllOf([Filter.HasValue(column), Filter.Negate(found)]);
    }

    private static Cell? CellOf(Value value, DatasetColumn column) => (value, column.Type) switch
    {
        (StringValue text, ColumnType.String or ColumnType.Text) => Cell.Of(text.Value),
        (LongValue number, ColumnType.Integer) => Cell.Of(number.Value),
        (BoolValue test, ColumnType.Boolean) => Cell.Of(test.Value),
        (DatetimeValue moment, ColumnType.Datetime) => Cell.Datetime(moment.Milliseconds),
        _ => null,
    };

    private DatasetColumn? Attribute(ResidualExpression.Get get) =>
        get.Target is ResidualExpression.Unknown { Which: ResidualExpression.Unknown.Part.Resource } ? Attribute(get.Name) : null;

    private DatasetColumn? Attribute(string name) => dataset.Attributes.FirstOrDefault(a => a.Name == name);

    private static bool IsOrdered(DatasetColumn column) => column.Type is ColumnType.Integer or ColumnType.Datetime;

    private static ColumnType KindOf(DatasetColumn column) => column.Type == ColumnType.Text ? ColumnType.String : column.Type;

    private static CompareOperator Opposite(CompareOperator op) => op switch
    {
        CompareOperator.Less => CompareOperator.GreaterOrEqual,
        CompareOperator.LessOrEqual => CompareOperator.Greater,
        CompareOperator.Greater => CompareOperator.LessOrEqual,
        _ => CompareOperator.Less,
    };

    private static CompareOperator Mirrored(CompareOperator op) => op switch
    {
        CompareOperator.Less => CompareOperator.Greater,
        CompareOperator.LessOrEqual => CompareOperator.GreaterOrEqual,
        CompareOperator.Greater => CompareOperator.Less,
        _ => CompareOperator.LessOrEqual,
    };
}
