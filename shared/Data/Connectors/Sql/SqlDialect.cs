using System.Data.Common;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;

namespace Proofgate.Data.Connectors.Sql;

/// <summary>
/// How a database says what a <see cref="Filter"/> means, exactly: texts compared byte by byte whatever the column's collation, moments to the millisecond, and
/// every condition true or false. SQL's third value would make a row that is not there under <c>not</c> appear.
/// </summary>
internal abstract class SqlDialect
{
    private static readonly string[] Operators = ["=", "<>", "<", "<=", ">", ">="];

    /// <summary>The longest text in a condition: beyond it databases have limits of their own.</summary>
    private const int MaxText = 8000;

    /// <summary>A name as an identifier, whatever characters it has.</summary>
    internal abstract string Quote(string identifier);

    /// <summary>An expression with the column's value, compared byte by byte.</summary>
    internal abstract string Comparable(DatasetColumn column);

    /// <summary>A condition that holds for rows whose value is one of the column's type, or is not there where it need not be. Null: it always holds.</summary>
    internal abstract string? Guard(DatasetColumn column);

    /// <summary>Reads a value that <see cref="Comparable"/> gave.</summary>
    internal abstract Cell Read(DbDataReader reader, int ordinal, ColumnType type);

    internal abstract void Bind(DbParameter parameter, Cell value);

    /// <summary>An exact sum of integers that reads as a 64-bit integer, or fails.</summary>
    internal abstract string Sum(string expression);

    /// <summary>What is wrong with a source's column for a type of the catalogue; null: nothing.</summary>
    internal abstract string? Misfit(string dataType, ColumnType type);

    protected abstract void WriteLike(SqlText sql, DatasetColumn column, IReadOnlyList<string> parts);

    protected virtual void WriteCompare(SqlText sql, DatasetColumn column, CompareOperator op, Cell value) =>
        sql.Add(Comparable(column)).Add(" ").Add(Operators[(int)op]).Add(" ").Add(value);

    protected virtual void WriteIn(SqlText sql, DatasetColumn column, IReadOnlyList<Cell> values)
    {
        sql.Add(Comparable(column)).Add(" IN (");
        for (var i = 0; i < values.Count; i++)
        {
            sql.Add(i == 0 ? string.Empty : ", ").Add(values[i]);
        }

        sql.Add(")");
    }

    protected virtual void WriteCompareColumns(SqlText sql, DatasetColumn left, CompareOperator op, DatasetColumn right) =>
        sql.Add(Comparable(left)).Add(" ").Add(Operators[(int)op]).Add(" ").Add(Comparable(right));

    protected virtual string OrderOf(OrderTerm term) => Comparable(term.Column) + (term.Descending ? " DESC" : " ASC");

    protected virtual SqlText Limited(SqlText select, int limit) => select.Add(" LIMIT ").Add(limit);

    /// <summary>What stands between SELECT and the columns.</summary>
    protected virtual string Top(int limit) => string.Empty;

    internal virtual bool CanOrder(OrderTerm term) => true;

    internal virtual bool CanPush(Filter filter) => filter switch
    {
        Filter.All all => all.Terms.All(CanPush),
        Filter.Any any => any.Terms.All(CanPush),
        Filter.Not not => CanPush(not.Operand),
        Filter.Compare compare => IsExact(compare.Value),
        Filter.In list => list.Values.All(IsExact),
        Filter.Like like => like.Parts.Sum(static p => p.Length + 1) <= MaxText && like.Parts.All(static p => Unicode.IsWhole(p)),
        _ => true,
    };

    protected string Column(DatasetColumn column) => $"s.{Quote(column.SourceName)}";

    /// <summary>Name and statement are the catalogue's. The alias keeps an identifier that is no column from being read as a text.</summary>
    internal string From(DatasetSource source) => source.Statement is { } statement
        ? $"({statement}) AS s"
        : $"{string.Join('.', source.Table!.Split('.').Select(Quote))} AS s";

    internal SqlText Compose(QueryPlan plan)
    {
        var sql = new SqlText();
        var limit = plan.IsEvaluatedHere ? plan.Dataset.Limits.MaxEvaluated + 1 : plan.Limit + 1;
        sql.Add("SELECT ").Add(Top(limit)).Add(string.Join(", ", plan.IsAggregate ? AggregatesOf(plan) : plan.Fetch.Columns.Select(Comparable)));
        sql.Add(" FROM ").Add(From(plan.Dataset.Source)).Add(" WHERE ");
        foreach (var guard in plan.Guarded.Select(Guard).OfType<string>())
        {
            sql.Add("(").Add(guard).Add(") AND ");
        }

        Write(sql, plan.Pushed);
        if (plan.IsAggregate)
        {
            var groups = string.Join(", ", plan.GroupBy.Select(Comparable));
            sql.Add(groups.Length > 0 ? $" GROUP BY {groups}" : string.Empty).Add(" HAVING COUNT(*) >= ").Add(plan.Dataset.Limits.MinGroup);
            sql.Add(groups.Length > 0 ? " ORDER BY " : string.Empty).Add(string.Join(", ", plan.GroupBy.Select(g => OrderOf(new OrderTerm(g, false)))));
        }
        else
        {
            sql.Add(" ORDER BY ").Add(string.Join(", ", plan.Order.Select(OrderOf)));
        }

        return Limited(sql, limit);
    }

    internal void Write(SqlText sql, Filter filter)
    {
        switch (filter)
        {
            case Filter.Constant constant:
                sql.Add(constant.Value ? "1 = 1" : "1 = 0");
                break;
            case Filter.All all:
                WriteJoin(sql, all.Terms, " AND ");
                break;
            case Filter.Any any:
                WriteJoin(sql, any.Terms, " OR ");
                break;
            case Filter.Not { Operand: Filter.IsNull isNull }:
                sql.Add(Column(isNull.Column)).Add(" IS NOT NULL");
                break;
            case Filter.Not not:
                sql.Add("NOT (");
                Write(sql, not.Operand);
                sql.Add(")");
                break;
            case Filter.IsNull isNull:
                sql.Add(Column(isNull.Column)).Add(" IS NULL");
                break;
            case Filter.Compare compare:
                WriteThere(sql, () => WriteCompare(sql, compare.Column, compare.Op, compare.Value), compare.Column);
                break;
            case Filter.CompareColumns compare:
                WriteThere(sql, () => WriteCompareColumns(sql, compare.Left, compare.Op, compare.Right), compare.Left, compare.Right);
                break;
            case Filter.In list:
                WriteThere(sql, () => WriteIn(sql, list.Column, list.Values), list.Column);
                break;
            case Filter.Like like:
                WriteThere(sql, () => WriteLike(sql, like.Column, like.Parts), like.Column);
                break;
            default:
                throw new NotSupportedException(filter.GetType().Name);
        }
    }

    /// <summary>Whether the database gets the value as it is.</summary>
    protected virtual bool IsExact(Cell value) => value.Kind != CellKind.Text || (value.Text.Length <= MaxText && Unicode.IsWhole(value.Text));

    private static bool NeedsTest(DatasetColumn column) => !column.IsRequired;

    /// <summary>False, not unknown, where a value is not there.</summary>
    private void WriteThere(SqlText sql, Action condition, params ReadOnlySpan<DatasetColumn> columns)
    {
        sql.Add("(");
        foreach (var column in columns)
        {
            if (NeedsTest(column))
            {
                sql.Add(Column(column)).Add(" IS NOT NULL AND ");
            }
        }

        condition();
        sql.Add(")");
    }

    private void WriteJoin(SqlText sql, IReadOnlyList<Filter> terms, string word)
    {
        sql.Add("(");
        for (var i = 0; i < terms.Count; i++)
        {
            sql.Add(i == 0 ? string.Empty : word);
            Write(sql, terms[i]);
        }

        sql.Add(")");
    }

    /// <summary>Of fewer values than a group must have rows, nothing is made.</summary>
    private IEnumerable<string> AggregatesOf(QueryPlan plan)
    {
        foreach (var group in plan.GroupBy)
        {
            yield return Comparable(group);
        }

        foreach (var aggregate in plan.Aggregates)
        {
            if (aggregate.Column is not { } column)
            {
                yield return "COUNT(*)";
                continue;
            }

            var value = Comparable(column);
            var made = aggregate.Function switch
            {
                AggregateFunction.Min => $"MIN({value})",
                AggregateFunction.Max => $"MAX({value})",
                _ => Sum(value),
            };
            yield return $"CASE WHEN COUNT({value}) >= {plan.Dataset.Limits.MinGroup} THEN {made} END";
            if (aggregate.Function == AggregateFunction.Avg)
            {
                yield return $"COUNT({value})";
            }
        }
    }
}
