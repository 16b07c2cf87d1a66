using Proofgate.Policy;

namespace Proofgate.Tests.Support;

/// <summary>A store of bundles in memory, which can be away and can be written to by whoever has its key.</summary>
internal sealed class MemoryBundleStore : IBundleStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, StoredActivation> _records = [];

    internal Dictionary<string, ReadOnlyMemory<byte>> Packs { get; } = [];

    /// <summary>Every call ends so.</summary>
    internal Exception? Fault { get; set; }

    /// <summary>As <see cref="Fault"/>, for packs only.</summary>
    internal Exception? PackFault { get; set; }

    internal int PackReads { get; private set; }

    /// <summary>Runs before an insertion, once: somebody who is quicker.</summary>
    internal Action? BeforeInsert { get; set; }

    internal void Put(StoredActivation record) => _records[record.Sequence] = record;

    internal void Remove(long sequence) => _records.Remove(sequence);

    public Task<IReadOnlyList<StoredActivation>> ReadNewestAsync(int atMost, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Fault is null
                ? Task.FromResult<IReadOnlyList<StoredActivation>>([.. _records.Values.Reverse().Take(atMost)])
                : Task.FromException<IReadOnlyList<StoredActivation>>(Fault);
        }
    }

    public Task<bool> TryInsertAsync(StoredActivation activation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var before = BeforeInsert;
            BeforeInsert = null;
            before?.Invoke();
            return Fault is null ? Task.FromResult(_records.TryAdd(activation.Sequence, activation)) : Task.FromException<bool>(Fault);
        }
    }

    public Task<ReadOnlyMemory<byte>?> FindPackAsync(string digest, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            PackReads++;
            return (Fault ?? PackFault) is { } fault
                ? Task.FromException<ReadOnlyMemory<byte>?>(fault)
                : Task.FromResult<ReadOnlyMemory<byte>?>(Packs.TryGetValue(digest, out var pack) ? pack : default(ReadOnlyMemory<byte>?));
        }
    }

    public Task KeepPackAsync(string digest, ReadOnlyMemory<byte> pack, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Packs.TryAdd(digest, pack);
            return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
        }
    }
}
