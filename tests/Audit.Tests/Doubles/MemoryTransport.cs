namespace Proofgate.Audit.Tests.Doubles;

/// <summary>A transport that keeps copies of what it was sent; <see cref="Behave"/> decides how each send ends.</summary>
internal sealed class MemoryTransport : IAuditTransport
{
    private readonly Lock _lock = new();

    /// <summary>Every attempt, durable or not.</summary>
    internal List<(string Key, byte[][] Events)> Attempts { get; } = [];

    /// <summary>What the stream holds, in order.</summary>
    internal List<(string Key, byte[] Body)> Stored { get; } = [];

    /// <summary>Given the number of the attempt and an action that stores it.</summary>
    internal Func<int, Action, Task> Behave { get; set; } = static (_, store) =>
    {
        store();
        return Task.CompletedTask;
    };

    public Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        var copies = events.Select(e => e.ToArray()).ToArray();
        int number;
        lock (_lock)
        {
            number = Attempts.Count;
            Attempts.Add((partitionKey, copies));
        }

        return Behave(number, () =>
        {
            lock (_lock)
                Stored.AddRange(copies.Select(c => (partitionKey, c)));
        });
    }
}
