using Microsoft.Data.Sqlite;

namespace Proofgate.SelfHost;

/// <summary>Makes the data of the sample bundle's datasets, once: what was changed in it stays.</summary>
internal static class SampleData
{
    private const string FileName = "sample.db";

    /// <returns>The file; null outside a working copy, which has the data's text.</returns>
    internal static string? Ensure(SelfHostSettings settings, StateFolder state)
    {
        if (settings.RepositoryRoot is not { } root)
        {
            return null;
        }

        var file = state.Of(FileName);
        if (!File.Exists(file))
        {
            // Under another name until it is whole: a run that ended half-way leaves none that looks complete.
            var unfinished = file + ".new";
            File.Delete(unfinished);
            Fill(unfinished, File.ReadAllText(Path.Combine(root, "infra", "policy", "sample.sql")));
            File.Move(unfinished, file);
        }

        return file;
    }

    private static void Fill(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
