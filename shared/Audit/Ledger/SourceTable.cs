using Proofgate.Audit.Events;

namespace Proofgate.Audit.Ledger;

/// <summary>
/// The counters of all live sources of a log, bounded by expiry. The same code serves writer and verifier, and all of it is a function of the
/// leaves alone. Time is the ledger's own clock: the largest event time so far, which one event moves by an hour at most, so that a single
/// wrong clock cannot make everybody expire.
/// </summary>
internal sealed class SourceTable
{
    /// <summary>A listing is repeated after this many commits, so that a reader of the newest 1,000 commit rows knows every source.</summary>
    internal const int RefreshAfter = 500;

    /// <summary>Repeated listings in one commit: 100,000 live sources are all listed within 1,000 commits.</summary>
    internal const int RefreshAtMost = 128;

    private const long MaxStep = 3_600_000;

    private readonly Dictionary<SourceId, LinkedListNode<SourceEntry>> _sources = [];
    private readonly LinkedList<SourceEntry> _byListing = [];
    private readonly LinkedList<SourceEntry> _touched = [];
    private readonly long _expireAfter;

    internal SourceTable(TimeSpan expireAfter) => _expireAfter = (long)expireAfter.TotalMilliseconds;

    internal long Clock { get; set; }

    internal long Broken { get; set; } = -1;

    internal int Count => _sources.Count;

    /// <summary>Told of each source that is forgotten.</summary>
    internal Action<SourceEntry>? Expired { get; init; }

    internal IEnumerable<SourceEntry> Live => _byListing.Concat(_touched).Where(e => !IsExpired(e));

    internal SourceVerdict Judge(in EventEnvelope e, MerkleHash leaf)
    {
        if (Find(e.Source) is not { } entry)
        {
            return e.Number == 1
                ? e.Previous is null ? SourceVerdict.Append : SourceVerdict.Conflict
                : Broken >= 0 && e.Previous is not null ? SourceVerdict.Resume : SourceVerdict.Conflict;
        }

        if (e.Number == entry.Number + 1)
            return e.Previous == entry.Hash ? SourceVerdict.Append : SourceVerdict.Conflict;
        if (e.Number > entry.Number)
            return entry.Index < Broken && e.Previous is not null ? SourceVerdict.Resume : SourceVerdict.Conflict;
        if (e.Number == entry.Number)
            return leaf == entry.Hash ? SourceVerdict.Redelivery : SourceVerdict.Conflict;
        return SourceVerdict.Older;
    }

    internal SourceEntry? Find(SourceId source) =>
        _sources.TryGetValue(source, out var node) && !IsExpired(node.Value) ? node.Value : null;

    /// <summary>The event stands at <paramref name="index"/> and continues its source.</summary>
    internal SourceEntry Appended(in EventEnvelope e, MerkleHash leaf, long index)
    {
        var time = e.Time.ToUnixTimeMilliseconds();
        if (_sources.TryGetValue(e.Source, out var node) && IsExpired(node.Value))
        {
            Forget(node);
            node = null;
        }

        if (node is null)
            _sources[e.Source] = node = new LinkedListNode<SourceEntry>(new SourceEntry(e.Source));
        else
            node.List?.Remove(node);
        Clock = Clock == 0 ? time : Math.Max(Clock, Math.Min(time, Clock + MaxStep));
        var entry = node.Value;
        (entry.Number, entry.Hash, entry.Index, entry.Touched) = (e.Number, leaf, index, Clock);
        _touched.AddLast(node);
        return entry;
    }

    /// <summary>
    /// What the row of a commit lists: the sources that it touched, then those whose listing is the oldest. Returns the oldest commit that
    /// still has to be read to know all live sources.
    /// </summary>
    internal byte[] List(long commit, out long since)
    {
        while (_byListing.First is { } oldest && IsExpired(oldest.Value))
            Forget(oldest);
        for (var refreshed = 0; refreshed < RefreshAtMost && _byListing.First is { } oldest && oldest.Value.ListedAt <= commit - RefreshAfter;)
        {
            if (IsExpired(oldest.Value))
            {
                Forget(oldest);
                continue;
            }

            _byListing.RemoveFirst();
            _touched.AddLast(oldest);
            refreshed++;
        }

        // Purged again: what a refresh uncovered at the front would else differ between a writer that ran on and one that restarted.
        while (_byListing.First is { } oldest && IsExpired(oldest.Value))
            Forget(oldest);
        var bytes = new byte[_touched.Count * SourceEntry.Bytes];
        var at = 0;
        while (_touched.First is { } node)
        {
            node.Value.Write(bytes.AsSpan(at));
            node.Value.ListedAt = commit;
            at += SourceEntry.Bytes;
            _touched.RemoveFirst();
            _byListing.AddLast(node);
        }

        since = _byListing.First?.Value.ListedAt ?? commit;
        return bytes;
    }

    /// <summary>Takes listings back from commit rows, which must come newest first and whole.</summary>
    internal void Restore(IEnumerable<(long Commit, byte[] Sources)> newestFirst)
    {
        foreach (var (commit, sources) in newestFirst)
        {
            for (var at = sources.Length - SourceEntry.Bytes; at >= 0; at -= SourceEntry.Bytes)
            {
                var entry = SourceEntry.Read(sources.AsSpan(at, SourceEntry.Bytes));
                entry.ListedAt = commit;
                if (!_sources.ContainsKey(entry.Source))
                    _sources[entry.Source] = _byListing.AddFirst(entry);
            }
        }
    }

    /// <summary>Takes one commit row's listing as it is, where what came before it could not be computed.</summary>
    internal void TakeOver(long commit, byte[] sources)
    {
        while (_touched.First is { } touched)
        {
            _touched.RemoveFirst();
            touched.Value.ListedAt = commit;
            _byListing.AddLast(touched);
        }

        for (var at = 0; at < sources.Length; at += SourceEntry.Bytes)
        {
            var entry = SourceEntry.Read(sources.AsSpan(at, SourceEntry.Bytes));
            entry.ListedAt = commit;
            if (_sources.Remove(entry.Source, out var old))
                old.List?.Remove(old);
            _sources[entry.Source] = _byListing.AddLast(entry);
        }
    }

    private bool IsExpired(SourceEntry entry) => entry.Touched < Clock - _expireAfter;

    private void Forget(LinkedListNode<SourceEntry> node)
    {
        node.List?.Remove(node);
        _sources.Remove(node.Value.Source);
        Expired?.Invoke(node.Value);
    }
}
