using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Identity.ApiKeys;

/// <summary>
/// At most <paramref name="capacity"/> entries in two generations: when the young one is full it becomes the old one, and what nobody asked for
/// in the meantime goes. Reads of young entries take no lock.
/// </summary>
internal sealed class BoundedMap<TValue>(int capacity)
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private readonly Lock _writing = new();
    private volatile ConcurrentDictionary<KeyId, TValue> _young = new();
    private volatile ConcurrentDictionary<KeyId, TValue> _old = new();
    private int _youngCount;

    internal int Count => _young.Count + _old.Count;

    internal bool TryGet(KeyId id, [MaybeNullWhen(false)] out TValue value) => _young.TryGetValue(id, out value) || TryRenew(id, out value);

    internal void Set(KeyId id, TValue value)
    {
        lock (_writing)
        {
            _old.TryRemove(id, out _);
            SetYoung(id, value);
        }
    }

    internal void Remove(KeyId id)
    {
        lock (_writing)
        {
            if (_young.TryRemove(id, out _))
            {
                _youngCount--;
            }

            _old.TryRemove(id, out _);
        }
    }

    /// <summary>Under the lock, so that an entry on its way from old to young cannot survive its removal.</summary>
    private bool TryRenew(KeyId id, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_old.ContainsKey(id) && !_young.ContainsKey(id))
        {
            value = default;
            return false;
        }

        lock (_writing)
        {
            if (_old.TryRemove(id, out value))
            {
                SetYoung(id, value);
                return true;
            }

            return _young.TryGetValue(id, out value);
        }
    }

    private void SetYoung(KeyId id, TValue value)
    {
        if (_young.TryAdd(id, value))
        {
            _youngCount++;
        }
        else
        {
            _young[id] = value;
        }

        if (_youngCount >= _half)
        {
            // Old first: a reader between the two lines finds an entry twice rather than not at all.
            _old = _young;
            _young = new ConcurrentDictionary<KeyId, TValue>();
            _youngCount = 0;
        }
    }
}
