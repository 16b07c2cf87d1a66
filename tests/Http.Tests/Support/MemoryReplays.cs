using System.Collections.Concurrent;
using Proofgate.Identity;

namespace Proofgate.Http.Tests.Support;

/// <summary>Used proofs in memory.</summary>
internal sealed class MemoryReplays : IProofReplayStore
{
    private readonly ConcurrentDictionary<string, ProofUse> _uses = new();

    internal bool Down { get; set; }

    public Task<bool> TryInsertAsync(ProofUse use, CancellationToken cancellationToken) =>
        Down ? Task.FromException<bool>(new IOException("The store is down.")) : Task.FromResult(_uses.TryAdd(use.Digest, use));
}
