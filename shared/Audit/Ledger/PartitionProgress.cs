namespace Proofgate.Audit.Ledger;

/// <summary>How far one partition is in the ledger, and who waits for it to get further.</summary>
internal sealed class PartitionProgress
{
    private const long NotOpened = -1;

    private readonly Lock _lock = new();
    private readonly List<(long Next, TaskCompletionSource Waiter)> _waiting = [];
    private long _next = NotOpened;
    private volatile string? _fault;

    /// <summary>The first record that the ledger does not hold.</summary>
    internal long Next => Math.Max(0, Interlocked.Read(ref _next));

    internal string? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    internal void Reached(long next)
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _next, next);
            foreach (var (wanted, waiter) in _waiting)
            {
                if (wanted <= next)
                    waiter.TrySetResult();
            }

            _waiting.RemoveAll(w => w.Next <= next);
        }
    }

    internal Task ReachedAsync(long next, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_next >= next)
                return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((next, waiter));
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }
}
