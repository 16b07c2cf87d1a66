using System.Diagnostics;
using Proofgate.Local.Processes;

namespace Proofgate.Support;

/// <summary>A child process whose output is collected, and which never outlives its test.</summary>
public sealed class ManagedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly List<(Func<string, bool> IsIt, TaskCompletionSource<string> Found)> _waiting = [];

    private ManagedProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        Ended = RunAsync();
    }

    public int Id { get; }

    /// <summary>The exit code, when the process has ended and its output has been read.</summary>
    public Task<int> Ended { get; }

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Lines of stdout so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_lock)
                return [.. _output];
        }
    }

    /// <summary>Lines of stderr so far.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_lock)
                return [.. _errors];
        }
    }

    /// <param name="environment">Added to this process's own; null removes a variable.</param>
    public static ManagedProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingFolder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new ManagedProcess(Process.Start(start)!);
    }

    /// <summary>Starts a built program by its assembly.</summary>
    public static ManagedProcess StartAssembly(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingFolder = null) =>
        Start(DotnetHost.Path, [assembly, .. arguments], environment, workingFolder);

    /// <summary>The first line of either output, past or to come, that matches.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or 90 s went by, without one; the message holds all output.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> isIt)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_output.Concat(_errors).FirstOrDefault(isIt) is { } line)
                return line;
            _waiting.Add((isIt, found));
        }

        await Task.WhenAny(found.Task, Ended, Task.Delay(Patience));
        return found.Task.IsCompletedSuccessfully ? await found.Task : throw Failed("The line did not come");
    }

    public Task<string> WaitForLineAsync(string part) => WaitForLineAsync(line => line.Contains(part, StringComparison.Ordinal));

    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">It did not end within 90 s; the message holds all output.</exception>
    public async Task<int> WaitForExitAsync()
    {
        await Task.WhenAny(Ended, Task.Delay(Patience));
        return Ended.IsCompleted ? await Ended : throw Failed("The process did not end");
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signals.Interrupt(Id);

    public void Terminate() => Signals.Terminate(Id);

    /// <summary>The process alone: what becomes of its children is often the question.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        // A grandchild that holds the pipes open must not hold up the tests.
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(5)));
        _process.Dispose();
    }

    private async Task<int> RunAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _errors), _process.WaitForExitAsync());
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                lines.Add(line);
                foreach (var (_, found) in _waiting.Where(w => w.IsIt(line)))
                    found.TrySetResult(line);
                _waiting.RemoveAll(static w => w.Found.Task.IsCompleted);
            }
        }
    }

    private InvalidOperationException Failed(string what) =>
        new($"{what}. Output:\n{string.Join('\n', Output)}\nErrors:\n{string.Join('\n', Errors)}");
}
