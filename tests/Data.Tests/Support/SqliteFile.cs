using Microsoft.Data.Sqlite;
using Proofgate.Support;

namespace Proofgate.Data.Tests.Support;

/// <summary>A database in a file of the test's own.</summary>
internal sealed class SqliteFile : IDisposable
{
    internal const string People =
        """
        CREATE TABLE people (
          id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, name TEXT COLLATE NOCASE, region TEXT, age INTEGER, score REAL, active BOOLEAN, seen INTEGER,
          email TEXT, card TEXT, notes TEXT, salary INTEGER);
        """;

    private readonly TemporaryFolder _folder = new();

    internal SqliteFile(string sql = "") => Run(sql);

    internal string Path => System.IO.Path.Combine(_folder.Path, "data.db");

    internal (string Key, string? Value) Setting => ("Proofgate:DataSources:main:Address", Path);

    internal void Run(string sql, params (string Name, object? Value)[] parameters)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
