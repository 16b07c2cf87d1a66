namespace Proofgate.SelfHost;

/// <summary>Says what the start is doing, again each second while it takes longer.</summary>
internal sealed class StartupConsole(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private string? _last;
    private bool _running;

    internal void Say(string line)
    {
        lock (_lock)
        {
            if (line != _last)
            {
                _last = line;
                Console.Error.WriteLine(line);
            }
        }
    }

    /// <summary>From now on a failure is one of the run, not of the start.</summary>
    internal void Running() => _running = true;

    internal void Fail(string message)
    {
        lock (_lock)
        {
            Console.Error.WriteLine($"Proofgate {(_running ? "ends" : "did not start")}: {message}");
        }
    }

    internal IProgress<string> Progress(string what) => new Reporter(this, what);

    /// <summary>Waits for a task and reports each second that it goes on.</summary>
    internal async Task During(string what, Task task)
    {
        var started = time.GetTimestamp();
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(Patience, time));
            if (!task.IsCompleted)
            {
                Say($"Starting {what} ({time.GetElapsedTime(started).TotalSeconds:0} s)...");
            }
        }

        await task;
    }

    public void Dispose() => Console.Error.Flush();

    private sealed class Reporter(StartupConsole console, string what) : IProgress<string>
    {
        public void Report(string value) => console.Say($"Starting {what}: {value}");
    }
}
