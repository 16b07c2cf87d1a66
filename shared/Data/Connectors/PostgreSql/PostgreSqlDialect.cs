using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Proofgate.Data.Connectors.Sql;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Connectors.PostgreSql;

/// <summary>PostgreSQL: the collation "C" compares bytes, and moments are cut to milliseconds where they are compared, as they are where they are read.</summary>
internal sealed class PostgreSqlDialect : SqlDialect
{
    internal override string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal override string Comparable(DatasetColumn column) => column.Type switch
    {
        ColumnType.String or ColumnType.Text => $"({Column(column)} COLLATE \"C\")",
        ColumnType.Datetime => $"date_trunc('milliseconds', {Column(column)})",
        ColumnType.Integer => $"({Column(column)})::bigint",
        ColumnType.Number => $"({Column(column)})::double precision",
        _ => Column(column),
    };

    internal override string? Guard(DatasetColumn column)
    {
        var name = Column(column);
        var there = column.Type switch
        {
            // NaN is greater than infinity here.
            ColumnType.Number => $"{name} > '-Infinity' AND {name} < 'Infinity'",
            ColumnType.Datetime => $"{name} >= '0001-01-01 00:00:00+00' AND {name} < '10000-01-01 00:00:00+00'",
            _ => null,
        };
        return column.IsRequired ? there ?? $"{name} IS NOT NULL" : there is null ? null : $"{name} IS NULL OR ({there})";
    }

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
        var typed = (NpgsqlParameter)parameter;
        (typed.NpgsqlDbType, typed.Value) = value.Kind switch
        {
            CellKind.Text => (NpgsqlDbType.Text, (object)value.Text),
            CellKind.Number => (NpgsqlDbType.Double, value.Number),
            CellKind.Boolean => (NpgsqlDbType.Boolean, value.Boolean),
            CellKind.Datetime => (NpgsqlDbType.TimestampTz, DateTimeOffset.FromUnixTimeMilliseconds(value.Integer).UtcDateTime),
            _ => (NpgsqlDbType.Bigint, value.Integer),
        };
    }

    /// <summary>A moment that .NET has not is not handed to the driver.</summary>
    protected override bool IsExact(Cell value) => value.Kind == CellKind.Datetime ? IsOfCalendar(value.Integer) : base.IsExact(value);

    internal override string Sum(string expression) => $"SUM({expression})::bigint";

    internal override string? Misfit(string dataType, ColumnType type)
    {
        var plain = dataType.Split('(')[0];
        string[] fitting = type switch
        {
            ColumnType.String or ColumnType.Text => ["text", "character varying"],
            ColumnType.Integer => ["bigint", "integer", "smallint"],
            ColumnType.Number => ["double precision", "real"],
            ColumnType.Boolean => ["boolean"],
            _ => ["timestamp with time zone"],
        };
        return fitting.Contains(plain.Trim()) || (type == ColumnType.Datetime && dataType.StartsWith("timestamp", StringComparison.Ordinal) && dataType.EndsWith("with time zone", StringComparison.Ordinal))
            ? null : $"and the catalogue wants {string.Join(" or ", fitting)}.";
    }

    protected override string OrderOf(OrderTerm term) => Comparable(term.Column) + (term.Descending ? " DESC NULLS LAST" : " ASC NULLS FIRST");

    protected override void WriteLike(SqlText sql, DatasetColumn column, IReadOnlyList<string> parts) =>
        sql.Add(Comparable(column)).Add(" LIKE ").Add(Cell.Of(string.Join('%', parts.Select(Escape)))).Add(" ESCAPE '!'");

    private static string Escape(string part) => part
        .Replace("!", "!!", StringComparison.Ordinal)
        .Replace("%", "!%", StringComparison.Ordinal)
        .Replace("_", "!_", StringComparison.Ordinal);

    private static bool IsOfCalendar(long milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
