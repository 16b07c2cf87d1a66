using System.Buffers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Proofgate.Benchmarks.Load;

namespace Proofgate.Benchmarks.Data;

/// <summary>The baseline that streams: the driver's rows as lines of JSON on Kestrel, in batches like ours, and nothing else.</summary>
internal static class BareRows
{
    private const int BatchBytes = 16 * 1024;

    internal static async Task<int> RunAsync(string file)
    {
        var app = Quiet.Build();
        app.Run(http => AnswerAsync(http, file));
        await Quiet.RunUntilInputEndsAsync(app);
        return 0;
    }

    internal static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>All rows, as whoever uses the driver would ask for them.</summary>
    internal static SqliteCommand Select(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "SELECT id, region, name, age, email, notes FROM rows ORDER BY id";
        return command;
    }

    private static async Task AnswerAsync(HttpContext http, string file)
    {
        http.Response.ContentType = "application/x-ndjson";
        await http.Response.StartAsync();
        var batch = new ArrayBufferWriter<byte>(2 * BatchBytes);
        await using var writer = new Utf8JsonWriter(batch);
        await using var connection = Open(file, SqliteOpenMode.ReadOnly);
        await using var command = Select(connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, reader.GetInt64(0));
            writer.WriteString("region"u8, reader.GetString(1));
            writer.WriteString("name"u8, reader.GetString(2));
            writer.WriteNumber("age"u8, reader.GetInt64(3));
            writer.WriteString("email"u8, reader.GetString(4));
            writer.WriteString("notes"u8, reader.GetString(5));
            writer.WriteEndObject();
            writer.Flush();
            writer.Reset();
            batch.Write("\n"u8);
            if (batch.WrittenCount >= BatchBytes)
            {
                await http.Response.BodyWriter.WriteAsync(batch.WrittenMemory);
                batch.ResetWrittenCount();
            }
        }

        await http.Response.BodyWriter.WriteAsync(batch.WrittenMemory);
    }
}
