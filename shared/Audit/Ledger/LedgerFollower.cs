using System.Runtime.CompilerServices;
using Proofgate.Audit.Events;

namespace Proofgate.Audit.Ledger;

/// <summary>
/// Reads what is added to the ledger, from where it ends when it begins: for those who watch, not for those who verify. Events are given as they stand, unchecked
/// against the tree; leaves of the writer and what they flag are left out. Not for two callers at once.
/// </summary>
public sealed class LedgerFollower(ILedgerTable table, TimeProvider time)
{
    /// <summary>Rows of one log in one look: who falls behind catches up over several.</summary>
    private const int PageSize = 1000;

    private static readonly TimeSpan NewLogsAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<LogName, Place> _places = [];
    private long? _searchedAt;

    /// <summary>Finds the logs and where each ends. Does nothing if that is known.</summary>
    /// <exception cref="LedgerUnavailableException">The table is out of reach.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_searchedAt is null)
        {
            await SearchAsync(fromTheEnd: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What was added since the last look, log by log.</summary>
    /// <exception cref="LedgerUnavailableException">The table is out of reach; the next look goes on where this one ended.</exception>
    public async IAsyncEnumerable<ReadEvent> ReadNewAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (name, place) in _places)
        {
            var rows = table.ReadAsync(name.ToString(), LedgerKeys.Event(place.Next), LedgerKeys.AfterEvents, PageSize, cancellationToken);
            await foreach (var row in rows.ConfigureAwait(false))
            {
                if (Take(place, row) is { } read)
                {
                    yield return read;
                }
            }
        }

        if (time.GetElapsedTime(_searchedAt!.Value) >= NewLogsAfter)
        {
            await SearchAsync(fromTheEnd: false, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody reads for a while: the next look begins at the end again.</summary>
    public void Forget()
    {
        _places.Clear();
        _searchedAt = null;
    }

    private static ReadEvent? Take(Place place, LedgerRow row)
    {
        if (EventRow.Read(row, out _) is not { } leaf)
        {
            // Changed by somebody: for the verifier to say. What comes after it is to be seen all the same.
            place.Next = LedgerKeys.TryEvent(row.RowKey, out var index) ? index + 1 : place.Next;
            return null;
        }

        place.Next = leaf.Index + 1;
        var flagged = place.Flagged;
        place.Flagged = !flagged && WriterLeaf.TryRead(leaf.Body, out var written) && written is WriterLeaf.Opaque or WriterLeaf.Conflict;
        return flagged || place.Flagged ? null : EventReader.Read(leaf.Body, out _);
    }

    /// <summary>The newest epoch of each partition. One that has turned up since is read from its beginning, and the one before it no longer.</summary>
    private async Task SearchAsync(bool fromTheEnd, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var newest = new Dictionary<(string Hub, int Partition), LogName>();
        for (var key = ""; await table.NextPartitionAsync(key, cancellationToken).ConfigureAwait(false) is { } next; key = next)
        {
            if (LogName.TryParse(next, out var name)
                && (!newest.TryGetValue((name.Hub, name.Partition), out var known) || known.Epoch < name.Epoch))
            {
                newest[(name.Hub, name.Partition)] = name;
            }
        }

        foreach (var ended in _places.Keys.Except(newest.Values).ToList())
        {
            _places.Remove(ended);
        }

        foreach (var name in newest.Values.Where(n => !_places.ContainsKey(n)))
        {
            _places[name] = new Place { Next = fromTheEnd ? await EndOfAsync(name, cancellationToken).ConfigureAwait(false) : 0 };
        }

        _searchedAt = startedAt;
    }

    private async Task<long> EndOfAsync(LogName name, CancellationToken cancellationToken)
    {
        var rows = table.ReadAsync(name.ToString(), LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, 1, cancellationToken);
        await foreach (var row in rows.ConfigureAwait(false))
        {
            return LedgerKeys.TryCommit(row.RowKey, out var size) ? size : 0;
        }

        return 0;
    }

    private sealed class Place
    {
        internal long Next { get; set; }

        internal bool Flagged { get; set; }
    }
}
