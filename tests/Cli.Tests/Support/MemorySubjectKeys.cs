using System.Collections.Concurrent;
using Proofgate.Audit;

namespace Proofgate.Cli.Tests.Support;

internal sealed class MemorySubjectKeys : ISubjectKeyStore
{
    private readonly ConcurrentDictionary<string, SubjectKeyRecord> _keys = new();

    public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_keys.GetValueOrDefault(lookup));

    public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => Task.FromResult(_keys.TryAdd(record.Lookup, record));

    public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_keys.TryRemove(lookup, out _));

    internal void Clear() => _keys.Clear();
}
