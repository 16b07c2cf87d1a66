using System.Collections.Concurrent;

namespace Proofgate.Audit.Sealing;

/// <summary>Data keys for a short time. Bounded: when it is full the expired go, and if none has expired, all do.</summary>
internal sealed class SubjectKeyCache(int capacity, TimeSpan lifetime, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Tenant, string Subject), (SubjectKey Key, long Until)> _keys = new();

    internal SubjectKey? Find(string tenant, string subject) =>
        _keys.TryGetValue((tenant, subject), out var held) && Now() < held.Until ? held.Key : null;

    internal void Keep(string tenant, string subject, SubjectKey key)
    {
        if (_keys.Count >= capacity)
            MakeRoom();
        _keys[(tenant, subject)] = (key, Now() + lifetime.Ticks);
    }

    private void MakeRoom()
    {
        var now = Now();
        foreach (var (subject, held) in _keys)
        {
            if (held.Until <= now)
                _keys.TryRemove(subject, out _);
        }

        if (_keys.Count >= capacity)
            _keys.Clear();
    }

    private long Now() => time.GetUtcNow().UtcTicks;
}
