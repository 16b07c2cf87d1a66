using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Proofgate.Local.Processes;

namespace Proofgate.Local.Setup;

/// <summary>The child process. Its stdin is our sign of life: see azurite.mjs.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    /// <summary>Longer than azurite.mjs gives itself.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly string _dataFolder;
    private readonly AzuritePorts _wanted;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lastLines = new();
    private readonly Dictionary<string, int> _ports = [];
    private readonly TaskCompletionSource<AzuritePorts> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzuriteProcess(Process process, string dataFolder, AzuritePorts wanted)
    {
        _process = process;
        _dataFolder = dataFolder;
        _wanted = wanted;
        Id = process.Id;
        Ended = RunAsync();
    }

    internal int Id { get; }

    internal Task<int> Ended { get; }

    internal static AzuriteProcess Launch(string node, string script, string dataFolder, AzuritePorts ports)
    {
        string[] arguments = [script, dataFolder, Text(ports.Blob), Text(ports.Queue), Text(ports.Table)];
        var process = Process.Start(new ProcessStartInfo(node, arguments)
        {
            WorkingDirectory = dataFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return new AzuriteProcess(process, dataFolder, ports);

        static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Lets it touch the data folder.</summary>
    internal void Begin()
    {
        try
        {
            _process.StandardInput.WriteLine("begin");
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended already; ListensAsync says why.
        }
    }

    internal async Task<AzuritePorts> ListensAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _listens.Task.WaitAsync(StartPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new LocalSetupException($"Azurite does not answer after {StartPatience.TotalSeconds:0} s. Check the machine's load and run this again.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Ended.IsCompleted)
        {
            Signals.Terminate(Id);
            CloseInput();
        }

        try
        {
            await Ended.WaitAsync(EndPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await Ended.ConfigureAwait(false);
        }

        _process.Dispose();
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A line that was not flushed to a process that has ended.
        }
    }

    private async Task<int> RunAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError), _process.WaitForExitAsync()).ConfigureAwait(false);
        _listens.TrySetException(Failure());
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            Take(line);
    }

    private void Take(string line)
    {
        lock (_lock)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
                _lastLines.Dequeue();
            if (ListeningLine().Match(line) is not { Success: true } match)
                return;
            _ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture);
            if (_ports.Count == 3)
                _listens.TrySetResult(new AzuritePorts(_ports["Blob"], _ports["Queue"], _ports["Table"]));
        }
    }

    /// <summary>For an end that nobody asked for.</summary>
    internal LocalSetupException Demise()
    {
        var output = Output();
        return output.Contains("Invalid string length", StringComparison.Ordinal)
            ? new($"Azurite has ended: its tables have outgrown 512 MB, the most that it can save. Move {_dataFolder} and the stream beside it away to begin anew.")
            : new($"Azurite has ended by itself (exit code {Ended.Result}){(LastLine(output) is { } last ? $": {last}" : string.Empty)}. Start this again: what it lost is filled in from the stream.");
    }

    private string Output()
    {
        lock (_lock)
            return string.Join('\n', _lastLines);
    }

    private static string? LastLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(static l => !l.StartsWith("Azurite ", StringComparison.Ordinal));

    private LocalSetupException Failure()
    {
        var output = Output();
        if (PortTaken().Match(output) is { Success: true } taken)
            return new($"Port {taken.Groups["port"].Value} on 127.0.0.1 is in use. End the program that listens there, or choose another port (0: any free one).");
        if (output.Contains("EACCES", StringComparison.Ordinal))
            return new($"Azurite may not use {_dataFolder} or one of the ports {_wanted.Blob}, {_wanted.Queue}, {_wanted.Table}. Choose a folder that you own and ports above 1023.");
        if (output.Contains("ENOSPC", StringComparison.Ordinal))
            return new($"The disk of {_dataFolder} is full. Make space and run this again.");
        return new($"Azurite did not start: {LastLine(output) ?? "it wrote nothing"}. If {_dataFolder} is damaged, remove it to begin anew.");
    }

    [GeneratedRegex(@"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>\d{1,5})$")]
    private static partial Regex ListeningLine();

    [GeneratedRegex(@"EADDRINUSE.*:(?<port>\d{1,5})")]
    private static partial Regex PortTaken();
}
