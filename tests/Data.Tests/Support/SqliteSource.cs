using Microsoft.Data.Sqlite;

namespace Proofgate.Data.Tests.Support;

/// <summary>People in a SQLite file.</summary>
internal sealed class SqliteSource : ISourceUnderTest, IDisposable
{
    private readonly SqliteFile _file = new(SqliteFile.People);

    public (string Key, string? Value)[] Settings => [_file.Setting];

    public string Manifest(string limits) => People.Manifest("sqlite", limits);

    public RawRow Possible(RawRow row) => row;

    public Task FillAsync(IReadOnlyList<RawRow> rows)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file.Path, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        Execute(connection, transaction, "DELETE FROM people", []);
        foreach (var row in rows)
        {
            Execute(connection, transaction, $"INSERT INTO people ({string.Join(", ", row.Cells.Keys)}) VALUES ({string.Join(", ", row.Cells.Keys.Select(static c => "@" + c))})", [.. row.Cells.Select(c => (c.Key, ValueOf(row, c.Key, c.Value)))]);
        }

        transaction.Commit();
        return Task.CompletedTask;
    }

    public void Dispose() => _file.Dispose();

    private static object? ValueOf(RawRow row, string column, Cell cell) =>
        row.Poisoned.Contains(column) ? column is "name" or "region" && row.Id % 2 == 0 ? "a\0b" : new byte[] { 1, 2, 255 }
        : cell.Kind switch
        {
            CellKind.Null => null,
            CellKind.Text => cell.Text,
            CellKind.Number => cell.Number,
            _ => cell.Integer,
        };

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql, IReadOnlyList<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue("@" + name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }
}
