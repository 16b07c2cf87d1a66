using Proofgate.Audit.Events;

namespace Proofgate.Audit.Ledger;

/// <summary>
/// Finds what a log already holds: the newest leaves from memory, older ones by walking commit rows, newest first. The answer does not depend
/// on what memory holds.
/// </summary>
internal sealed class LedgerHistory(ILedgerTable table)
{
    private const int Remembered = 16_384;

    private readonly Dictionary<(SourceId, long), MerkleHash> _bySource = [];
    private readonly Dictionary<long, MerkleHash> _bySequence = [];

    internal void Remember(SourceId source, long number, MerkleHash hash) => Keep(_bySource, (source, number), hash);

    internal void Remember(long sequence, MerkleHash hash) => Keep(_bySequence, sequence, hash);

    internal void Clear()
    {
        _bySource.Clear();
        _bySequence.Clear();
    }

    /// <summary>The leaf hash of a source's event, or null if the log has none of that number.</summary>
    internal async ValueTask<MerkleHash?> FindAsync(LogState log, SourceId source, long number, CancellationToken cancellationToken)
    {
        if (_bySource.TryGetValue((source, number), out var hash))
            return hash;
        CommitRow? candidate = null;
        long start = 0;
        await foreach (var commit in CommitsAsync(log, cancellationToken).ConfigureAwait(false))
        {
            if (candidate is not null && start < 0)
                start = commit.Size;
            var listed = Listed(commit, source);
            if (listed is not null && listed.Number < number)
                break;
            if (listed is not null)
                (candidate, start) = (commit, -1);
        }

        if (candidate is null)
            return null;
        await RememberRowsAsync(log, Math.Max(start, 0), candidate.Size, cancellationToken).ConfigureAwait(false);
        return _bySource.TryGetValue((source, number), out hash) ? hash : null;
    }

    /// <summary>The leaf hash of the record with a sequence number, or null if it has no leaf (a redelivery, or in a gap).</summary>
    internal async ValueTask<MerkleHash?> FindAsync(LogState log, long sequence, CancellationToken cancellationToken)
    {
        if (_bySequence.TryGetValue(sequence, out var hash))
            return hash;
        CommitRow? holder = null;
        long start = 0;
        await foreach (var commit in CommitsAsync(log, cancellationToken).ConfigureAwait(false))
        {
            if (holder is not null)
            {
                start = commit.Size;
                break;
            }

            if (commit.FirstSequence <= sequence)
            {
                if (commit.LastSequence < sequence)
                    return null;
                holder = commit;
            }
        }

        if (holder is null)
            return null;
        await RememberRowsAsync(log, start, holder.Size, cancellationToken).ConfigureAwait(false);
        return _bySequence.TryGetValue(sequence, out hash) ? hash : null;
    }

    private async IAsyncEnumerable<CommitRow> CommitsAsync(
        LogState log, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = table.ReadAsync(log.Name.ToString(), LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, null, cancellationToken);
        await foreach (var row in rows.ConfigureAwait(false))
            yield return LogStateReader.Strict(row);
    }

    private async Task RememberRowsAsync(LogState log, long from, long before, CancellationToken cancellationToken)
    {
        var rows = table.ReadAsync(log.Name.ToString(), LedgerKeys.Event(from), LedgerKeys.Event(before), null, cancellationToken);
        var flagged = false;
        await foreach (var row in rows.ConfigureAwait(false))
        {
            if (EventRow.Read(row, out var problem) is not { } leaf)
                throw new LedgerDamagedException($"Row {row.RowKey} of {row.PartitionKey} was changed: {problem}. Run proofgate audit verify.");
            if (!flagged && WriterLeaf.TryRead(leaf.Body, out var written))
            {
                flagged = written is WriterLeaf.Opaque or WriterLeaf.Conflict;
                continue;
            }

            var hash = MerkleHash.OfLeaf(leaf.Body);
            Remember(leaf.Sequence, hash);
            if (!flagged && EventEnvelope.TryRead(leaf.Body, out var envelope))
                Remember(envelope.Source, envelope.Number, hash);
            flagged = false;
        }
    }

    private static SourceEntry? Listed(CommitRow commit, SourceId source)
    {
        for (var at = 0; at < commit.Sources.Length; at += SourceEntry.Bytes)
        {
            if (SourceId.Read(commit.Sources.AsSpan(at)) == source)
                return SourceEntry.Read(commit.Sources.AsSpan(at));
        }

        return null;
    }

    private static void Keep<TKey>(Dictionary<TKey, MerkleHash> held, TKey key, MerkleHash hash)
        where TKey : notnull
    {
        if (held.Count >= Remembered)
            held.Clear();
        held[key] = hash;
    }
}
