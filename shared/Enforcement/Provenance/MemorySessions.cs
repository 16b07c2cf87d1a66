using System.Collections.Concurrent;

namespace Proofgate.Enforcement.Provenance;

/// <summary>Sessions of one instance, where the host has no store that others share.</summary>
internal sealed class MemorySessions(TimeProvider time, int most = 100_000) : ISessionStore
{
    private readonly ConcurrentDictionary<SessionKey, SessionRecord> _records = new();
    private DateOnly _today;

    public ValueTask<SessionRecord?> FindAsync(SessionKey key, CancellationToken cancellationToken) => ValueTask.FromResult(_records.GetValueOrDefault(key));

    public ValueTask CreateAsync(SessionKey key, SessionRecord record, CancellationToken cancellationToken)
    {
        Forget();
        if (_records.Count >= most)
        {
            throw new SessionUnavailableException($"There are {most} sessions already.");
        }

        return _records.TryAdd(key, record) ? ValueTask.CompletedTask : throw new SessionUnavailableException("There is a session under this key.");
    }

    public ValueTask<SessionRecord?> RaiseAsync(SessionKey key, string label, CancellationToken cancellationToken)
    {
        while (_records.TryGetValue(key, out var record))
        {
            var raised = record.With(label);
            if (ReferenceEquals(raised, record) || _records.TryUpdate(key, raised, record))
            {
                return ValueTask.FromResult<SessionRecord?>(raised);
            }
        }

        return ValueTask.FromResult<SessionRecord?>(null);
    }

    /// <summary>Those of the days before.</summary>
    private void Forget()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_today == today)
        {
            return;
        }

        _today = today;
        foreach (var old in _records.Keys.Where(k => k.Day < today))
        {
            _records.TryRemove(old, out _);
        }
    }
}
