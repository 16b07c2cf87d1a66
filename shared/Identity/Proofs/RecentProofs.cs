namespace Proofgate.Identity.Proofs;

/// <summary>
/// Proofs that were used on this instance: a shortcut that spares the store, and never the authority. In two generations by time, so that each
/// stays for the whole window at least; when there is no room nothing is forgotten for it, and the store is asked.
/// </summary>
internal sealed class RecentProofs(int capacity, TimeSpan window, TimeProvider time)
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private readonly Lock _gate = new();
    private HashSet<string> _young = new(StringComparer.Ordinal);
    private HashSet<string> _old = new(StringComparer.Ordinal);
    private long _since = time.GetTimestamp();

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    internal bool Contains(string digest)
    {
        lock (_gate)
        {
            Age();
            return _young.Contains(digest) || _old.Contains(digest);
        }
    }

    internal void Add(string digest)
    {
        lock (_gate)
        {
            Age();
            if (_young.Count < _half)
            {
                _young.Add(digest);
            }
        }
    }

    private void Age()
    {
        var now = time.GetTimestamp();
        var age = time.GetElapsedTime(_since, now);
        if (age < window)
        {
            return;
        }

        if (age >= window * 2)
        {
            _young.Clear();
        }

        (_young, _old) = (_old, _young);
        _young.Clear();
        _since = now;
    }
}
