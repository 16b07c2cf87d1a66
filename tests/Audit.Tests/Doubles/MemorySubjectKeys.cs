using System.Collections.Concurrent;

namespace Proofgate.Audit.Tests.Doubles;

internal sealed class MemorySubjectKeys : ISubjectKeyStore
{
    internal ConcurrentDictionary<string, SubjectKeyRecord> Records { get; } = new();

    internal int Calls;

    internal Exception? Fault { get; set; }

    public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Calls);
        return Fault is { } fault ? throw fault : Task.FromResult(Records.GetValueOrDefault(lookup));
    }

    public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Calls);
        return Task.FromResult(Records.TryAdd(record.Lookup, record));
    }

    public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(Records.TryRemove(lookup, out _));
}
