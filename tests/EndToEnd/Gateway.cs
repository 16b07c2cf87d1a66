using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>SelfHost in a process of its own, as the README starts it, in a folder of its own and on free ports.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private const string Ready = "Proofgate is ready at ";

    private readonly ManagedProcess _process;
    private readonly TemporaryFolder? _owned;

    private Gateway(ManagedProcess process, Uri address, string folder, TemporaryFolder? owned) =>
        (_process, Address, Folder, _owned) = (process, address, folder, owned);

    public Uri Address { get; }

    public Uri V1 => new(Address, "/v1");

    /// <summary>Where a person would stand: <c>.proofgate</c> is below it.</summary>
    public string Folder { get; }

    public int ProcessId => _process.Id;

    public string State => Path.Combine(Folder, ".proofgate");

    public string SampleKey => File.ReadAllText(Path.Combine(State, "sample-key")).Trim();

    public string AdminKey => File.ReadAllText(Path.Combine(State, "admin-key")).Trim();

    /// <summary>Everything that it printed, logs included.</summary>
    public string Printed => string.Join('\n', _process.Output.Concat(_process.Errors));

    /// <summary>What it said on stderr.</summary>
    public string Complaints => string.Join('\n', _process.Errors);

    public string StorageConnection =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(State, "state.json")))!["storage"]!["connectionString"]!;

    public static async Task<Gateway> StartAsync(Uri? upstream = null, string? folder = null, params (string Name, string Value)[] settings)
    {
        var owned = folder is null ? new TemporaryFolder() : null;
        var place = folder ?? owned!.Path;
        var environment = new Dictionary<string, string?> { ["OPENAI_API_KEY"] = null, ["OLLAMA_HOST"] = null, ["AZURE_OPENAI_ENDPOINT"] = null, ["ANTHROPIC_API_KEY"] = null };
        if (upstream is not null)
        {
            environment["Proofgate__Upstreams__sample__Endpoint"] = new Uri(upstream, "/v1").ToString();
        }

        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var process = ManagedProcess.StartAssembly(
            typeof(SelfHost.SelfHostOptions).Assembly.Location, ["--port", "0", "--state", Path.Combine(place, ".proofgate")], environment);
        try
        {
            var line = await process.WaitForLineAsync(Ready);
            await process.WaitForLineAsync("Ctrl-C ends everything");
            return new Gateway(process, new Uri(line[Ready.Length..].Trim()), place, owned);
        }
        catch
        {
            await process.DisposeAsync();
            owned?.Dispose();
            throw;
        }
    }

    /// <summary>Another instance on the same storage and secrets, as a deployment has several. Its stream is its own, and so is its ledger's name.</summary>
    public static Task<Gateway> StartBesideAsync(Gateway first, string hub, Uri? upstream = null, params (string Name, string Value)[] settings)
    {
        var secrets = JsonNode.Parse(File.ReadAllText(Path.Combine(first.State, "secrets.json")))!.AsObject()
            .Select(static s => ($"Proofgate__Secrets__{s.Key.Replace(":", "__", StringComparison.Ordinal)}", (string)s.Value!));
        return StartAsync(upstream, null, [("Proofgate__Storage__ConnectionString", first.StorageConnection), ("Proofgate__Audit__Hub", hub), .. secrets, .. settings]);
    }

    /// <summary>kill -9: no goodbye.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>The exit code, when it has ended by itself.</summary>
    public Task<int> EndedAsync() => _process.WaitForExitAsync();

    /// <summary>Ctrl-C.</summary>
    public Task<int> InterruptAsync()
    {
        _process.Interrupt();
        return _process.WaitForExitAsync();
    }

    /// <summary>The <c>proofgate</c> command, run where this gateway's state is.</summary>
    public Task<CommandResult> ProofgateAsync(params string[] args) => Command.RunAsync(Folder, args);

    public async ValueTask DisposeAsync()
    {
        if (!_process.Ended.IsCompleted)
        {
            _process.Terminate();
            await _process.WaitForExitAsync();
        }

        await _process.DisposeAsync();
        _owned?.Dispose();
    }
}
