using System.Collections.Concurrent;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A store of used proofs in memory, for one room or several.</summary>
internal sealed class InMemoryReplays : IProofReplayStore
{
    private readonly ConcurrentDictionary<string, ProofUse> _uses = new();
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    public bool Down { get; set; }

    /// <summary>It takes requests and never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>Ends when somebody waits for an answer that does not come.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<ProofUse> Uses => [.. _uses.Values];

    public async Task<bool> TryInsertAsync(ProofUse use, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (Down)
        {
            throw new IOException("The store is down.");
        }

        if (Hangs)
        {
            Hanging.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return _uses.TryAdd(use.Digest, use);
    }
}
