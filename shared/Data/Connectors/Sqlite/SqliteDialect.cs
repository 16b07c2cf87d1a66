using System.Data.Common;
using System.Globalization;
using Proofgate.Data.Connectors.Sql;

namespace Proofgate.Data.Connectors.Sqlite;

/// <summary>SQLite: any column can hold any type, so each row is asked what it holds. Moments are integers, milliseconds since 1970 UTC.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    internal override string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal override string Comparable(DatasetColumn column) => column.Type is ColumnType.String or ColumnType.Text ? $"{Column(column)} COLLATE BINARY" : Column(column);

    internal override string? Guard(DatasetColumn column)
    {
        var name = Column(column);
        var there = column.Type switch
        {
            ColumnType.Integer => $"typeof({name}) = 'integer'",
            ColumnType.Number => $"typeof({name}) = 'real' AND abs({name}) <= 1.7976931348623157e308",
            ColumnType.Boolean => $"typeof({name}) = 'integer' AND {name} IN (0, 1)",
            ColumnType.Datetime => string.Create(CultureInfo.InvariantCulture, $"typeof({name}) = 'integer' AND {name} BETWEEN {Earliest} AND {Latest}"),
            // Functions on texts stop at a null character; comparisons do not.
            _ => $"typeof({name}) = 'text' AND instr(CAST({name} AS BLOB), X'00') = 0",
        };
        return column.IsRequired ? there : $"{name} IS NULL OR ({there})";
    }

    internal override Cell Read(DbDataReader reader, int ordinal, ColumnType type) => type switch
    {
        ColumnType.Integer => Cell.Of(reader.GetInt64(ordinal)),
        ColumnType.Number => Cell.Of(reader.GetDouble(ordinal)),
        ColumnType.Boolean => Cell.Of(reader.GetInt64(ordinal) != 0),
        ColumnType.Datetime => Cell.Datetime(reader.GetInt64(ordinal)),
        _ => Cell.Of(reader.GetString(ordinal)),
    };

    internal override void Bind(DbParameter parameter, Cell value) => parameter.Value = value.Kind switch
    {
        CellKind.Text => value.Text,
        CellKind.Number => value.Number,
        _ => value.Integer,
    };

    internal override string Sum(string expression) => $"SUM({expression})";

    /// <summary>By affinity (https://www.sqlite.org/datatype3.html, 3.1): another one would convert what is compared.</summary>
    internal override string? Misfit(string dataType, ColumnType type)
    {
        var declared = dataType.ToUpperInvariant();
        var affinity = declared.Contains("INT", StringComparison.Ordinal) ? "INTEGER"
            : declared.Contains("CHAR", StringComparison.Ordinal) || declared.Contains("CLOB", StringComparison.Ordinal) || declared.Contains("TEXT", StringComparison.Ordinal) ? "TEXT"
            : declared.Length == 0 || declared.Contains("BLOB", StringComparison.Ordinal) ? "NONE"
            : declared.Contains("REAL", StringComparison.Ordinal) || declared.Contains("FLOA", StringComparison.Ordinal) || declared.Contains("DOUB", StringComparison.Ordinal) ? "REAL"
            : "NUMERIC";
        var fitting = type switch
        {
            ColumnType.String or ColumnType.Text => "TEXT",
            ColumnType.Number => "REAL",
            _ => "INTEGER",
        };
        return affinity == fitting || affinity == "NONE" || (affinity == "NUMERIC" && fitting == "INTEGER") ? null : $"and the catalogue wants one with the affinity {fitting}.";
    }

    /// <summary>GLOB, because LIKE takes a for A.</summary>
    protected override void WriteLike(SqlText sql, DatasetColumn column, IReadOnlyList<string> parts) =>
        sql.Add(Column(column)).Add(" GLOB ").Add(Cell.Of(string.Join('*', parts.Select(Escape))));

    private static string Escape(string part) => part
        .Replace("[", "[[]", StringComparison.Ordinal)
        .Replace("*", "[*]", StringComparison.Ordinal)
        .Replace("?", "[?]", StringComparison.Ordinal);
}
