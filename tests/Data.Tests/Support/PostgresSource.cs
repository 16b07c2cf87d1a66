using System.Text;

namespace Proofgate.Data.Tests.Support;

/// <summary>People in a table of PostgreSQL, in a schema of the test's own, with a collation that is not by bytes. Moments that .NET has not, and numbers that JSON has not, poison.</summary>
internal sealed class PostgresSource(PostgresServer server, string schema) : ISourceUnderTest
{
    public (string Key, string? Value)[] Settings => [server.Setting, PostgresServer.Password];

    public string Manifest(string limits) => People.Manifest("postgresql", limits, table: $"{schema}.people");

    /// <summary>Only doubles and moments have values here that are none.</summary>
    public RawRow Possible(RawRow row) => row with { Poisoned = row.Poisoned.Where(static c => c is "score" or "seen").ToHashSet() };

    internal Task CreateAsync() => server.RunSqlAsync(
        $"""
        CREATE SCHEMA {schema};
        CREATE TABLE {schema}.people (
          id bigint PRIMARY KEY, tenant text NOT NULL, name text COLLATE "und-x-icu", region varchar(40) COLLATE "en-x-icu", age bigint, score double precision, active boolean,
          seen timestamptz, email text, card text, notes text, salary bigint);
        """);

    public Task FillAsync(IReadOnlyList<RawRow> rows)
    {
        var sql = new StringBuilder($"TRUNCATE {schema}.people;");
        foreach (var row in rows)
        {
            sql.Append(System.Globalization.CultureInfo.InvariantCulture, $"INSERT INTO {schema}.people ({string.Join(", ", row.Cells.Keys)}) VALUES ({string.Join(", ", row.Cells.Select(c => Literal(row, c.Key, c.Value)))});");
        }

        return server.RunSqlAsync(sql.ToString());
    }

    private static string Literal(RawRow row, string column, Cell cell) => row.Poisoned.Contains(column)
        ? column switch
        {
            "score" => row.Id % 2 == 0 ? "'NaN'" : "'-Infinity'",
            "seen" => row.Id % 2 == 0 ? "'infinity'" : "'0044-03-15 00:00:00+00 BC'",
            _ => throw new InvalidOperationException("No other column can be poisoned."),
        }
        : cell.Kind switch
        {
            CellKind.Null => "NULL",
            CellKind.Text => $"'{cell.Text.Replace("'", "''", StringComparison.Ordinal)}'",
            CellKind.Number => $"'{cell.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}'",
            CellKind.Boolean => cell.Boolean ? "true" : "false",
            // Half a millisecond more: what is compared is what is read.
            CellKind.Datetime => $"timestamptz '{cell.DatetimeText()}' + interval '{Math.Abs(row.Id % 2) * 500} microseconds'",
            _ => cell.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
}
