using System.Globalization;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A key store in memory with ETags, a change feed and switches for faults.</summary>
internal sealed class InMemoryKeyStore(TimeProvider time) : IApiKeyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeyId, ApiKeyRecord> _records = [];
    private readonly List<(DateTimeOffset At, KeyId Id)> _changes = [];
    private readonly List<(DateTimeOffset At, string Mark)> _denyMarks = [];
    private int _version;
    private int _finds;
    private int _feedReads;
    private KeyId? _claimed;

    public int Finds => Volatile.Read(ref _finds);

    public int FeedReads => Volatile.Read(ref _feedReads);

    public int Count => _records.Count;

    public bool Down { get; set; }

    public DateTimeOffset LastSince { get; private set; }

    /// <summary>Runs between the moment a read has its answer and the moment it gives it.</summary>
    public Func<KeyId, Task>? BeforeFindReturns { get; set; }

    /// <summary>Runs before an update is tried, to change the record behind the caller's back.</summary>
    public Action<ApiKeyRecord>? BeforeUpdate { get; set; }

    /// <summary>Runs after an insert and after an update was done: what it throws is a lost reply.</summary>
    public Action<ApiKeyRecord>? AfterWrite { get; set; }

    /// <summary>Runs before an insert: what it throws keeps it from being done.</summary>
    public Action<ApiKeyRecord>? BeforeInsert { get; set; }

    public IReadOnlyCollection<ApiKeyRecord> Records => _records.Values;

    public Func<CancellationToken, Task>? BeforeFeedReturns { get; set; }

    public async Task<ApiKeyRecord?> FindAsync(KeyId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _finds);
        ThrowIfDown();
        ApiKeyRecord? found;
        lock (_gate)
        {
            found = _records.GetValueOrDefault(id);
        }

        if (BeforeFindReturns is { } wait)
        {
            await wait(id);
        }

        return found;
    }

    public Task<bool> TryInsertAsync(ApiKeyRecord record, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        BeforeInsert?.Invoke(record);
        bool done;
        lock (_gate)
        {
            done = !_records.ContainsKey(record.Id) && Write(record);
        }

        AfterWrite?.Invoke(record);
        return Task.FromResult(done);
    }

    public Task<bool> TryUpdateAsync(ApiKeyRecord record, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        BeforeUpdate?.Invoke(record);
        bool done;
        lock (_gate)
        {
            done = _records.TryGetValue(record.Id, out var stored) && stored.Version == record.Version && Write(record);
        }

        AfterWrite?.Invoke(record);
        return Task.FromResult(done);
    }

    public async IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in _records.Values.OrderBy(static r => r.Id.ToString(), StringComparer.Ordinal).Where(r => after is null || string.CompareOrdinal(r.Id.ToString(), after.ToString()) > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return await Task.FromResult(record);
        }
    }

    public async Task<KeyChanges> ReadChangesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _feedReads);
        LastSince = since;
        ThrowIfDown();
        if (BeforeFeedReturns is { } wait)
        {
            await wait(cancellationToken);
        }

        lock (_gate)
        {
            return new KeyChanges(
                [.. _changes.Where(c => c.At >= since).Select(c => c.Id).Distinct()], [.. _denyMarks.Where(c => c.At >= since).Select(c => c.Mark)]);
        }
    }

    public Task<bool> TryClaimInitializationAsync(KeyId firstKey, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        var first = _claimed is null;
        _claimed ??= firstKey;
        return Task.FromResult(first);
    }

    /// <summary>Changes a stored record as another instance would.</summary>
    public void Change(KeyId id, Func<ApiKeyRecord, ApiKeyRecord> change)
    {
        lock (_gate)
        {
            Write(change(_records[id]));
        }
    }

    /// <summary>Tells the feed's readers that the deny list has changed.</summary>
    public void MarkDenyList()
    {
        lock (_gate)
        {
            _denyMarks.Add((time.GetUtcNow(), Guid.NewGuid().ToString()));
        }
    }

    public ApiKeyRecord this[KeyId id] => _records[id];

    private bool Write(ApiKeyRecord record)
    {
        _records[record.Id] = record with { Version = (++_version).ToString(CultureInfo.InvariantCulture) };
        _changes.Add((time.GetUtcNow(), record.Id));
        return true;
    }

    private void ThrowIfDown()
    {
        if (Down)
        {
            throw new IOException("The store is down.");
        }
    }
}
