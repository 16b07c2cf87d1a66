using System.Diagnostics;
using Npgsql;
using Proofgate.Support;

namespace Proofgate.Data.Tests.Support;

/// <summary>A PostgreSQL of the tests' own, on loopback, in a temporary folder. It refuses to run as root: then it is the user postgres's.</summary>
public sealed class PostgresServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ManagedProcess? _server;

    internal static string? Folder { get; } = Find();

    internal string Address => $"Host=127.0.0.1;Port={_port};Database=postgres;Username=postgres;Timeout=5;Max Auto Prepare=0";

    internal (string Key, string? Value) Setting => ("Proofgate:DataSources:main:Address", Address);

    internal static (string Key, string? Value) Password => ("Proofgate:DataSources:main:Secret", "of the tests");

    public async Task InitializeAsync()
    {
        if (Folder is null)
        {
            return;
        }

        var (data, password) = (_folder.Of("data"), _folder.Of("password"));
        await File.WriteAllTextAsync(password, Password.Value);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", "postgres", _folder.Path);
        }

        // A locale of its own in the database: the order of texts must not be the server's.
        await RunAsync([.. As("initdb"), "-D", data, "-U", "postgres", "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
        var command = As("postgres");
        _server = ManagedProcess.Start(
            command[0], [.. command[1..], "-D", data, "-h", "127.0.0.1", "-p", $"{_port}", "-k", _folder.Path, "-c", "fsync=off", "-c", "max_connections=40"]);
        await _server.WaitForLineAsync(static l => l.Contains("database system is ready to accept connections", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

    }

    public void Dispose() => _folder.Dispose();

    internal async Task RunSqlAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var connection = new NpgsqlConnection($"{Address};Password={Password.Value};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static string[] As(string program) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(Folder!, program)] : [Path.Combine(Folder!, program)];

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }

    private static string? Find() => (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .OrderDescending(StringComparer.Ordinal)
        .Select(static v => Path.Combine(v, "bin"))
        .FirstOrDefault(static b => File.Exists(Path.Combine(b, "postgres")) && File.Exists(Path.Combine(b, "initdb")));
}
