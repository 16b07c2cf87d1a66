using System.Collections;

namespace Proofgate.Protection;

/// <summary>How often each kind was found. Small, reusable, not thread-safe; enumerates in the order of first appearance.</summary>
public sealed class KindCounts : IEnumerable<KeyValuePair<string, long>>
{
    private KeyValuePair<string, long>[] _items = [];
    private int _count;

    /// <summary>Number of kinds found at least once.</summary>
    public int Count => _count;

    /// <summary>Sum over all kinds.</summary>
    public long Total { get; private set; }

    /// <summary>How often <paramref name="kind"/> was found; 0 if never.</summary>
    public long this[Kind kind]
    {
        get
        {
            var at = IndexOf(kind.Name);
            return at < 0 ? 0 : _items[at].Value;
        }
    }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public void Add(Kind kind, long count = 1) => Add(kind.Name, count);

    /// <summary>Adds every count of <paramref name="other"/>.</summary>
    public void Add(KindCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < other._count; i++)
            Add(other._items[i].Key, other._items[i].Value);
    }

    /// <summary>Forgets everything and keeps the room for it.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
        Total = 0;
    }

    /// <summary>A copy, ordered by name, for an event.</summary>
    public IReadOnlyDictionary<string, long> ToDictionary()
    {
        var copy = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
            copy.Add(_items[i].Key, _items[i].Value);
        return copy;
    }

    public IEnumerator<KeyValuePair<string, long>> GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
            yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(string name, long count)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
            return;
        Total += count;
        var at = IndexOf(name);
        if (at < 0)
        {
            if (_count == _items.Length)
                Array.Resize(ref _items, Math.Max(4, _count * 2));
            at = _count++;
            _items[at] = new(name, 0);
        }

        _items[at] = new(name, _items[at].Value + count);
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (string.Equals(_items[i].Key, name, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
