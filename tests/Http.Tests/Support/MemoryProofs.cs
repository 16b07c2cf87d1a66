using System.Collections.Concurrent;
using Proofgate.Identity;

namespace Proofgate.Http.Tests.Support;

/// <summary>Used proofs in memory.</summary>
internal sealed class MemoryProofs : IProofReplayStore
{
    private readonly ConcurrentDictionary<string, byte> _used = new();

    public Task<bool> TryInsertAsync(ProofUse use, CancellationToken cancellationToken) => Task.FromResult(_used.TryAdd(use.Digest, 0));
}
