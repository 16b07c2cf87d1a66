using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>
/// Verifies one log in windows: event rows run forward and commit rows run backward in the table, so the commit rows of a window are read
/// first and turned round. The windows leave no key between them unread.
/// </summary>
internal sealed class LogVerifier(ILedgerTable table, LogName name, VerifiedLog? before, VerificationTally tally)
{
    /// <summary>Event rows beyond the head that are looked at: enough to name the fault.</summary>
    private const int MaxBeyond = 1000;

    private const int Window = 8192;

    private readonly string _key = name.ToString();
    private readonly CommitVerifier _commits = new(name, before, tally);

    internal async Task<VerifiedLog> VerifyAsync(CancellationToken cancellationToken)
    {
        await StrayAsync("", LedgerKeys.FirstEvent, cancellationToken).ConfigureAwait(false);
        await StrayAsync(LedgerKeys.AfterEvents, LedgerKeys.FirstSigned, cancellationToken).ConfigureAwait(false);
        await StrayAsync(LedgerKeys.AfterSigned, LedgerKeys.FirstCommit, cancellationToken).ConfigureAwait(false);
        await StrayAsync(LedgerKeys.AfterCommits, "\uffff", cancellationToken).ConfigureAwait(false);

        var end = await HeadSizeAsync(cancellationToken).ConfigureAwait(false);
        for (long from = 0; from < end; from += Window)
        {
            var before = Math.Min(from + Window, end);
            var commits = await CommitsAsync(LedgerKeys.Commit(before), LedgerKeys.Commit(from), cancellationToken).ConfigureAwait(false);
            await SignedAsync(LedgerKeys.Signed(before), LedgerKeys.Signed(from), commits.ToDictionary(static c => c.Size, static c => c.Root), cancellationToken).ConfigureAwait(false);
            await EventsAsync(LedgerKeys.Event(from), LedgerKeys.Event(before), commits, cancellationToken).ConfigureAwait(false);
            _commits.EndWindow(before, commits);
        }

        // Commit rows of a size that no head has, and event rows beyond it.
        foreach (var stray in await CommitsAsync(end == 0 ? LedgerKeys.FirstCommit : LedgerKeys.Commit(0), LedgerKeys.AfterCommits, cancellationToken).ConfigureAwait(false))
            tally.Find(VerificationCode.BytesChanged, name, LedgerKeys.Commit(stray.Size), "A commit row of a size that is never written.");
        await OrphansAsync(LedgerKeys.Event(end), cancellationToken).ConfigureAwait(false);
        await SignedBeyondAsync(end, cancellationToken).ConfigureAwait(false);
        return _commits.Finish(end);
    }

    /// <summary>The size of the newest commit whose last event row is there; a key that was changed must not lead us astray.</summary>
    private async Task<long> HeadSizeAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(_key, LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, null, cancellationToken).ConfigureAwait(false))
        {
            if (LedgerKeys.TryCommit(row.RowKey, out var size) && size == 0)
                break;
            if (size > 0 && await ExistsAsync(LedgerKeys.Event(size - 1), LedgerKeys.Event(size), cancellationToken).ConfigureAwait(false))
                return size;
            tally.CountRow();
            if (CommitRow.Read(row, out var problem) is null)
                tally.Find(VerificationCode.BytesChanged, name, row.RowKey, $"The commit row was changed: {problem}.");
            else
                tally.Find(VerificationCode.Missing, name, LedgerKeys.Event(size - 1), "The last event row of the newest commit is missing.");
        }

        return 0;
    }

    private async Task<bool> ExistsAsync(string from, string before, CancellationToken cancellationToken)
    {
        await foreach (var _ in table.ReadAsync(_key, from, before, 1, cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }

    private async Task<Queue<CommitRow>> CommitsAsync(string from, string before, CancellationToken cancellationToken)
    {
        var commits = new List<CommitRow>();
        await foreach (var row in table.ReadAsync(_key, from, before, null, cancellationToken).ConfigureAwait(false))
        {
            tally.CountRow();
            if (CommitRow.Read(row, out var problem) is { } commit)
                commits.Add(commit);
            else if (LedgerKeys.TryCommit(row.RowKey, out _))
                _commits.Unreadable(row.RowKey, problem!);
            else
                tally.Find(VerificationCode.BytesChanged, name, row.RowKey, "The key of a commit row is malformed.");
        }

        commits.Reverse();
        return new Queue<CommitRow>(commits);
    }

    private async Task EventsAsync(string from, string before, Queue<CommitRow> commits, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(_key, from, before, null, cancellationToken).ConfigureAwait(false))
        {
            tally.CountRow();
            if (!LedgerKeys.TryEvent(row.RowKey, out var index))
            {
                tally.Find(VerificationCode.BytesChanged, name, row.RowKey, "The key of an event row is malformed.");
                continue;
            }

            _commits.Skip(index, commits);
            _commits.Add(index, EventRow.Read(row, out var problem), problem, commits);
        }
    }

    /// <summary>What the table remembers of signing: a size that a commit has, and its root.</summary>
    private async Task SignedAsync(string from, string before, Dictionary<long, MerkleHash> roots, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(_key, from, before, null, cancellationToken).ConfigureAwait(false))
        {
            tally.CountRow();
            if (SignedRow.Read(row, hasRoot: true, out var problem) is not { } signed)
                tally.Find(VerificationCode.BytesChanged, name, row.RowKey, $"The row of a signed checkpoint was changed: {problem}.");
            else if (!roots.TryGetValue(signed.Size, out var root))
                tally.Find(VerificationCode.BytesChanged, name, row.RowKey, $"{signed.Size} leaves were signed, and no commit has that size.");
            else if (root != signed.Root)
                tally.Find(VerificationCode.BytesChanged, name, row.RowKey, $"The root that was signed at {signed.Size} leaves is not their commit's: the log was rewritten.");
        }
    }

    /// <summary>A size beyond the head that was signed. A log that is being written has its head moved on meanwhile, before it is signed.</summary>
    private async Task SignedBeyondAsync(long end, CancellationToken cancellationToken)
    {
        var beyond = new List<string>();
        await foreach (var row in table.ReadAsync(_key, LedgerKeys.FirstSigned, LedgerKeys.Signed(end), MaxBeyond, cancellationToken).ConfigureAwait(false))
            beyond.Add(row.RowKey);
        await foreach (var row in table.ReadAsync(_key, LedgerKeys.Signed(0), LedgerKeys.AfterSigned, MaxBeyond, cancellationToken).ConfigureAwait(false))
            tally.Find(VerificationCode.BytesChanged, name, row.RowKey, "A row of a signed size that is never written.");
        if (beyond.Count == 0)
            return;
        var committed = await NewestCommitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var key in beyond)
        {
            if (!LedgerKeys.TrySigned(key, out var size))
                tally.Find(VerificationCode.BytesChanged, name, key, "The key of a signed size is malformed.");
            else if (size > committed)
                tally.Find(VerificationCode.Missing, name, key, $"{size} leaves were signed and the newest commit has {committed}: the tail is missing.");
        }
    }

    /// <summary>
    /// Event rows beyond the head. A log that is being written grows meanwhile; a transaction is atomic, so whoever sees an event row
    /// and looks for its commit row afterwards must find one.
    /// </summary>
    private async Task OrphansAsync(string from, CancellationToken cancellationToken)
    {
        var beyond = new List<string>();
        await foreach (var row in table.ReadAsync(_key, from, LedgerKeys.AfterEvents, MaxBeyond, cancellationToken).ConfigureAwait(false))
            beyond.Add(row.RowKey);
        if (beyond.Count == 0)
            return;

        var committed = await NewestCommitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var key in beyond.Where(key => string.CompareOrdinal(key, LedgerKeys.Event(committed)) >= 0))
        {
            tally.CountRow();
            tally.Find(VerificationCode.Missing, name, key, "An event row beyond the newest commit row: its commit row is missing.");
        }
    }

    private async Task<long> NewestCommitAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(_key, LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, 1, cancellationToken).ConfigureAwait(false))
        {
            if (LedgerKeys.TryCommit(row.RowKey, out var size))
                return size;
        }

        return 0;
    }

    private async Task StrayAsync(string from, string before, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(_key, from, before, null, cancellationToken).ConfigureAwait(false))
        {
            tally.CountRow();
            tally.Find(VerificationCode.BytesChanged, name, row.RowKey, "A row key that is never written.");
        }
    }
}
