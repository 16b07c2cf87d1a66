using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Proofgate.Data.Connectors.Sql;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Connectors.SqlServer;

/// <summary>
/// SQL Server and Azure SQL. Its comparisons of texts leave spaces at the end out of account, whatever the collation: equality asks for the length too, and by the order
/// of texts nothing is compared or sorted.
/// </summary>
internal sealed class SqlServerDialect : SqlDialect
{
    internal override string Quote(string identifier) => $"[{identifier.Replace("]", "]]", StringComparison.Ordinal)}]";

    internal override string Comparable(DatasetColumn column) => column.Type switch
    {
        ColumnType.String or ColumnType.Text => $"({Column(column)} COLLATE Latin1_General_100_BIN2)",
        ColumnType.Integer => $"CAST({Column(column)} AS bigint)",
        ColumnType.Number => $"CAST({Column(column)} AS float)",
        ColumnType.Datetime => $"DATEADD(ns, -(DATEPART(ns, {Column(column)}) % 1000000), {Column(column)})",
        _ => Column(column),
    };

    internal override string? Guard(DatasetColumn column) => column.IsRequired ? $"{Column(column)} IS NOT NULL" : null;

    internal override Cell Read(DbDataReader reader, int ordinal, ColumnType type) => type switch
    {
        ColumnType.Integer => Cell.Of(reader.GetInt64(ordinal)),
        ColumnType.Number => Cell.Of(reader.GetDouble(ordinal)),
        ColumnType.Boolean => Cell.Of(reader.GetBoolean(ordinal)),
        ColumnType.Datetime => Cell.Datetime(new DateTimeOffset(reader.GetDateTime(ordinal), TimeSpan.Zero).ToUnixTimeMilliseconds()),
        _ => Cell.Of(reader.GetString(ordinal)),
    };

    internal override void Bind(DbParameter parameter, Cell value)
    {
        var typed = (SqlParameter)parameter;
        (typed.SqlDbType, typed.Value) = value.Kind switch
        {
            CellKind.Text => (SqlDbType.NVarChar, (object)value.Text),
            CellKind.Number => (SqlDbType.Float, value.Number),
            CellKind.Boolean => (SqlDbType.Bit, value.Boolean),
            CellKind.Datetime => (SqlDbType.DateTime2, DateTimeOffset.FromUnixTimeMilliseconds(value.Integer).UtcDateTime),
            _ => (SqlDbType.BigInt, value.Integer),
        };
    }

    internal override string Sum(string expression) => $"SUM(CAST({expression} AS decimal(38, 0)))";

    internal override string? Misfit(string dataType, ColumnType type)
    {
        string[] fitting = type switch
        {
            ColumnType.String or ColumnType.Text => ["nvarchar"],
            ColumnType.Integer => ["bigint", "int", "smallint", "tinyint"],
            ColumnType.Number => ["float", "real"],
            ColumnType.Boolean => ["bit"],
            _ => ["datetime2"],
        };
        return fitting.Contains(dataType, StringComparer.OrdinalIgnoreCase) ? null : $"and the catalogue wants {string.Join(" or ", fitting)}.";
    }

    internal override bool CanOrder(OrderTerm term) => !IsText(term.Column);

    internal override bool CanPush(Filter filter) => filter switch
    {
        Filter.Compare { Op: not (CompareOperator.Equal or CompareOperator.NotEqual) } compare when IsText(compare.Column) => false,
        Filter.CompareColumns { Op: not (CompareOperator.Equal or CompareOperator.NotEqual) } compare when IsText(compare.Left) => false,
        _ => base.CanPush(filter),
    };

    protected override bool IsExact(Cell value) => value.Kind == CellKind.Datetime ? IsOfCalendar(value.Integer) : base.IsExact(value);

    protected override string Top(int limit) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"TOP ({limit}) ");

    protected override SqlText Limited(SqlText select, int limit) => select;

    protected override void WriteCompare(SqlText sql, DatasetColumn column, CompareOperator op, Cell value)
    {
        if (!IsText(column))
        {
            base.WriteCompare(sql, column, op, value);
            return;
        }

        sql.Add(op == CompareOperator.NotEqual ? "NOT (" : "(");
        WriteSame(sql, column, value);
        sql.Add(")");
    }

    protected override void WriteIn(SqlText sql, DatasetColumn column, IReadOnlyList<Cell> values)
    {
        if (!IsText(column))
        {
            base.WriteIn(sql, column, values);
            return;
        }

        sql.Add("(");
        for (var i = 0; i < values.Count; i++)
        {
            sql.Add(i == 0 ? string.Empty : " OR ");
            WriteSame(sql, column, values[i]);
        }

        sql.Add(")");
    }

    protected override void WriteCompareColumns(SqlText sql, DatasetColumn left, CompareOperator op, DatasetColumn right)
    {
        if (!IsText(left))
        {
            base.WriteCompareColumns(sql, left, op, right);
            return;
        }

        sql.Add(op == CompareOperator.NotEqual ? "NOT (" : "(").Add($"{Comparable(left)} = {Comparable(right)} AND DATALENGTH({Column(left)}) = DATALENGTH({Column(right)}))");
    }

    protected override void WriteLike(SqlText sql, DatasetColumn column, IReadOnlyList<string> parts) =>
        sql.Add(Comparable(column)).Add(" LIKE ").Add(Cell.Of(string.Join('%', parts.Select(Escape)))).Add(" ESCAPE '!'");

    private void WriteSame(SqlText sql, DatasetColumn column, Cell value) =>
        sql.Add(Comparable(column)).Add(" = ").Add(value).Add(" AND DATALENGTH(").Add(Column(column)).Add(") = DATALENGTH(").Add(value).Add(")");

    private static bool IsText(DatasetColumn column) => column.Type is ColumnType.String or ColumnType.Text;

    private static string Escape(string part) => part
        .Replace("!", "!!", StringComparison.Ordinal)
        .Replace("%", "!%", StringComparison.Ordinal)
        .Replace("_", "!_", StringComparison.Ordinal)
        .Replace("[", "![", StringComparison.Ordinal);

    private static bool IsOfCalendar(long milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
