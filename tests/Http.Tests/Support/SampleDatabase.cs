using Microsoft.Data.Sqlite;
using Proofgate.Support;

namespace Proofgate.Http.Tests.Support;

/// <summary>The data of the sample bundle, made once for all tests: none changes it.</summary>
internal static class SampleDatabase
{
    private static readonly Lazy<TemporaryFolder> Folder = new(static () =>
    {
        var folder = new TemporaryFolder();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FileIn(folder), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, "infra", "policy", "sample.sql"));
        command.ExecuteNonQuery();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    internal static string Path => FileIn(Folder.Value);

    private static string FileIn(TemporaryFolder folder) => System.IO.Path.Combine(folder.Path, "sample.db");
}
