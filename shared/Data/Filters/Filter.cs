namespace Proofgate.Data.Filters;

/// <summary>
/// A condition on a row that is true or false and never anything else: a comparison with a value that is not there is false, and <see cref="Not"/> turns that
/// around. What policy leaves of <c>readRow</c>, what a caller asks for and where a page goes on are all said in it, so that one translation into a source's
/// language, and one evaluation here, serve them all. A closed family: whoever translates handles each case or refuses.
/// </summary>
public abstract record Filter
{
    private Filter()
    {
    }

    internal static Filter True { get; } = new Constant(true);

    internal static Filter False { get; } = new Constant(false);

    internal abstract bool Holds(SourceRow row);

    /// <summary>Adds the columns that it looks at.</summary>
    internal abstract void AddColumns(ISet<DatasetColumn> columns);

    internal static Filter AllOf(IEnumerable<Filter> terms)
    {
        var kept = new List<Filter>();
        foreach (var term in terms)
        {
            switch (term)
            {
                case Constant { Value: true }:
                    break;
                case Constant:
                    return False;
                case All all:
                    kept.AddRange(all.Terms);
                    break;
                default:
                    kept.Add(term);
                    break;
            }
        }

        return kept.Count switch { 0 => True, 1 => kept[0], _ => new All(kept) };
    }

    internal static Filter AnyOf(IEnumerable<Filter> terms)
    {
        var kept = new List<Filter>();
        foreach (var term in terms)
        {
            switch (term)
            {
                case Constant { Value: false }:
                    break;
                case Constant:
                    return True;
                case Any any:
                    kept.AddRange(any.Terms);
                    break;
                default:
                    kept.Add(term);
                    break;
            }
        }

        return kept.Count switch { 0 => False, 1 => kept[0], _ => new Any(kept) };
    }

    internal static Filter Negate(Filter operand) => operand switch
    {
        Constant constant => constant.Value ? False : True,
        Not not => not.Operand,
        _ => new Not(operand),
    };

    internal static Filter HasValue(DatasetColumn column) => new Not(new IsNull(column));

    private static bool Is(CompareOperator op, int order) => op switch
    {
        CompareOperator.Equal => order == 0,
        CompareOperator.NotEqual => order != 0,
        CompareOperator.Less => order < 0,
        CompareOperator.LessOrEqual => order <= 0,
        CompareOperator.Greater => order > 0,
        _ => order >= 0,
    };

    public sealed record Constant(bool Value) : Filter
    {
        internal override bool Holds(SourceRow row) => Value;

        internal override void AddColumns(ISet<DatasetColumn> columns)
        {
        }
    }

    /// <summary>At least two.</summary>
    public sealed record All(IReadOnlyList<Filter> Terms) : Filter
    {
        internal override bool Holds(SourceRow row) => Terms.All(t => t.Holds(row));

        internal override void AddColumns(ISet<DatasetColumn> columns)
        {
            foreach (var term in Terms)
            {
                term.AddColumns(columns);
            }
        }
    }

    /// <summary>At least two.</summary>
    public sealed record Any(IReadOnlyList<Filter> Terms) : Filter
    {
        internal override bool Holds(SourceRow row) => Terms.Any(t => t.Holds(row));

        internal override void AddColumns(ISet<DatasetColumn> columns)
        {
            foreach (var term in Terms)
            {
                term.AddColumns(columns);
            }
        }
    }

    public sealed record Not(Filter Operand) : Filter
    {
        internal override bool Holds(SourceRow row) => !Operand.Holds(row);

        internal override void AddColumns(ISet<DatasetColumn> columns) => Operand.AddColumns(columns);
    }

    public sealed record IsNull(DatasetColumn Column) : Filter
    {
        internal override bool Holds(SourceRow row) => row[Column].IsNull;

        internal override void AddColumns(ISet<DatasetColumn> columns) => columns.Add(Column);
    }

    /// <summary>False where the column has no value. <paramref name="Value"/> has the column's type and is there.</summary>
    public sealed record Compare(DatasetColumn Column, CompareOperator Op, Cell Value) : Filter
    {
        internal override bool Holds(SourceRow row) => row[Column] is { IsNull: false } cell && Is(Op, cell.CompareTo(Value));

        internal override void AddColumns(ISet<DatasetColumn> columns) => columns.Add(Column);
    }

    /// <summary>False where one of the two, which are of one type, has no value.</summary>
    public sealed record CompareColumns(DatasetColumn Left, CompareOperator Op, DatasetColumn Right) : Filter
    {
        internal override bool Holds(SourceRow row) =>
            row[Left] is { IsNull: false } left && row[Right] is { IsNull: false } right && Is(Op, left.CompareTo(right));

        internal override void AddColumns(ISet<DatasetColumn> columns)
        {
            columns.Add(Left);
            columns.Add(Right);
        }
    }

    /// <summary>False where the column has no value.</summary>
    public sealed record In(DatasetColumn Column, IReadOnlyList<Cell> Values) : Filter
    {
        internal override bool Holds(SourceRow row) => row[Column] is { IsNull: false } cell && Values.Contains(cell);

        internal override void AddColumns(ISet<DatasetColumn> columns) => columns.Add(Column);
    }

    /// <summary>A text with these parts in this order and anything between each two: <c>["a", ""]</c> begins with a. False where the column has no value.</summary>
    public sealed record Like(DatasetColumn Column, IReadOnlyList<string> Parts) : Filter
    {
        internal override bool Holds(SourceRow row) => row[Column] is { IsNull: false } cell && Matches(cell.Text);

        internal override void AddColumns(ISet<DatasetColumn> columns) => columns.Add(Column);

        private bool Matches(string text)
        {
            if (Parts.Count == 1)
            {
                return text == Parts[0];
            }

            if (!text.StartsWith(Parts[0], StringComparison.Ordinal))
            {
                return false;
            }

            var at = Parts[0].Length;
            foreach (var part in Parts.Skip(1).SkipLast(1))
            {
                var found = text.IndexOf(part, at, StringComparison.Ordinal);
                if (found < 0)
                {
                    return false;
                }

                at = found + part.Length;
            }

            return text.Length - at >= Parts[^1].Length && text.EndsWith(Parts[^1], StringComparison.Ordinal);
        }
    }
}
