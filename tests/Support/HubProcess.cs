using System.Text.Json;
using Proofgate.Local.Hub;

namespace Proofgate.Support;

/// <summary>The local hub in a process of its own, without storage, so that it can be killed.</summary>
public sealed class HubProcess : IAsyncDisposable
{
    private readonly ManagedProcess _process;

    private HubProcess(ManagedProcess process, string connection) => (_process, ConnectionString) = (process, connection);

    public string ConnectionString { get; }

    public int Port => ConnectionString.Split(':') is [_, _, var rest, ..] ? int.Parse(rest.Split(';')[0], null) : 5672;

    /// <summary>What it said.</summary>
    public IReadOnlyList<string> Errors => _process.Errors;

    /// <param name="port">0: a free one. After a kill the same as before, which clients look for.</param>
    public static async Task<HubProcess> StartAsync(string data, int port = 0, params string[] more)
    {
        var process = ManagedProcess.StartAssembly(
            typeof(HubBroker).Assembly.Location, ["--no-storage", "--data", data, "--hub-port", $"{port}", .. more], null, RepositoryRoot.Path);
        try
        {
            await process.WaitForLineAsync("Ctrl-C ends this.");
            await process.WaitForLineAsync(static line => line == "}");
            using var settings = JsonDocument.Parse(string.Join('\n', process.Output));
            return new HubProcess(process, settings.RootElement.GetProperty("Proofgate__EventHubs__Connection").GetString()!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public Task<int> KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Ctrl-C.</summary>
    public Task<int> InterruptAsync()
    {
        _process.Interrupt();
        return _process.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
