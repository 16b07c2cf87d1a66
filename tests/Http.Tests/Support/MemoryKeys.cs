using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Proofgate.Audit;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Tests.Support;

/// <summary>Keys of callers and of subjects in memory.</summary>
internal sealed class MemoryKeys : IApiKeyStore, ISubjectKeyStore
{
    private readonly ConcurrentDictionary<KeyId, ApiKeyRecord> _records = new();
    private readonly ConcurrentDictionary<string, SubjectKeyRecord> _subjects = new();
    private int _version;
    private int _claimed;

    internal IEnumerable<ApiKeyRecord> Records => _records.Values;

    /// <summary>Every lookup of a key ends so: a fault of the gateway itself.</summary>
    internal Exception? Fault { get; set; }

    public Task<ApiKeyRecord?> FindAsync(KeyId id, CancellationToken cancellationToken) =>
        Fault is null ? Task.FromResult(_records.GetValueOrDefault(id)) : Task.FromException<ApiKeyRecord?>(Fault);

    public Task<bool> TryInsertAsync(ApiKeyRecord record, CancellationToken cancellationToken) =>
        Task.FromResult(_records.TryAdd(record.Id, Versioned(record)));

    public Task<bool> TryUpdateAsync(ApiKeyRecord record, CancellationToken cancellationToken)
    {
        var known = _records[record.Id];
        return Task.FromResult(known.Version == record.Version && _records.TryUpdate(record.Id, Versioned(record), known));
    }

    public async IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var record in _records.Values.OrderBy(static r => r.Id.ToString(), StringComparer.Ordinal).Where(r => after is null || string.CompareOrdinal(r.Id.ToString(), after.ToString()) > 0))
        {
            yield return record;
        }
    }

    public Task<KeyChanges> ReadChangesAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult(new KeyChanges([.. _records.Values.Where(static r => r.Revoked is not null || r.Thumbprint is not null).Select(static r => r.Id)], []));

    public Task<bool> TryClaimInitializationAsync(KeyId firstKey, CancellationToken cancellationToken) =>
        Task.FromResult(Interlocked.Exchange(ref _claimed, 1) == 0);

    public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_subjects.GetValueOrDefault(lookup));

    public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) =>
        Task.FromResult(_subjects.TryAdd(record.Lookup, record));

    public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => Task.FromResult(_subjects.TryRemove(lookup, out _));

    private ApiKeyRecord Versioned(ApiKeyRecord record) => record with { Version = $"v{Interlocked.Increment(ref _version)}" };
}
