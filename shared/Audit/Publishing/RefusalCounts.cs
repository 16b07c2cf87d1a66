namespace Proofgate.Audit.Publishing;

/// <summary>Who may still have a single event this minute, and how many did not. Bounded by numbers of networks and reasons.</summary>
internal sealed class RefusalCounts
{
    internal const int SinglesPerNetwork = 10;
    internal const int MaxReasons = 64;
    internal const string OtherReasons = "other";

    private readonly Lock _lock = new();
    private readonly Dictionary<(NetworkPrefix Network, string Reason), int> _singles = [];
    private readonly Dictionary<string, (long Counted, long Dropped)> _counts = new(StringComparer.Ordinal);
    private readonly int _singlesPerMinute;
    private int _left;
    private DateTimeOffset _from;

    internal RefusalCounts(int singlesPerMinute, DateTimeOffset started)
    {
        _singlesPerMinute = singlesPerMinute;
        _left = singlesPerMinute;
        _from = started;
    }

    /// <summary>True if this refusal gets an event of its own; otherwise it has been counted.</summary>
    internal bool AdmitSingle(NetworkPrefix network, string reason)
    {
        lock (_lock)
        {
            var used = _singles.GetValueOrDefault((network, reason));
            // The table holds no more entries than there are single events to give in a minute.
            if (_left > 0 && used < SinglesPerNetwork)
            {
                _singles[(network, reason)] = used + 1;
                _left--;
                return true;
            }

            Add(reason, 1, 0);
            return false;
        }
    }

    /// <summary>What could not be published is told in the next count.</summary>
    internal void Return(string reason, long counted, long dropped)
    {
        lock (_lock)
            Add(reason, counted, dropped);
    }

    /// <summary>What was counted since the last time, and starts a new minute.</summary>
    internal IReadOnlyList<(string Reason, long Counted, long Dropped, DateTimeOffset From)> Take(DateTimeOffset now)
    {
        lock (_lock)
        {
            var from = _from;
            var taken = _counts.Select(c => (c.Key, c.Value.Counted, c.Value.Dropped, from)).ToArray();
            _counts.Clear();
            _singles.Clear();
            _left = _singlesPerMinute;
            _from = now;
            return taken;
        }
    }

    private void Add(string reason, long counted, long dropped)
    {
        if (_counts.Count >= MaxReasons && !_counts.ContainsKey(reason))
            reason = OtherReasons;
        var held = _counts.GetValueOrDefault(reason);
        _counts[reason] = (held.Counted + counted, held.Dropped + dropped);
    }
}
