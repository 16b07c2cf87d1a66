namespace Proofgate.Audit.Ledger;

/// <summary>Reads the newest epoch of a log and its head.</summary>
internal static class LogStateReader
{
    internal static async Task<LogName?> NewestAsync(ILedgerTable table, string hub, int partition, CancellationToken cancellationToken)
    {
        var (prefix, newest) = (new LogName(hub, partition, 0).ToString()[..^6], default(LogName?));
        var after = prefix;
        while (await table.NextPartitionAsync(after, cancellationToken).ConfigureAwait(false) is { } key
            && key.StartsWith(prefix, StringComparison.Ordinal))
        {
            if (LogName.TryParse(key, out var name) && name.Hub == hub && name.Partition == partition)
                newest = name;
            after = key;
        }

        return newest;
    }

    /// <returns>Null if the log has no commit.</returns>
    internal static async Task<LogState?> LoadAsync(ILedgerTable table, LogName name, CancellationToken cancellationToken)
    {
        var key = name.ToString();
        if (await HeadAsync(table, key, cancellationToken).ConfigureAwait(false) is not { } head)
            return null;
        var opening = await LeafAsync(table, key, 0, cancellationToken).ConfigureAwait(false) as WriterLeaf.Epoch
            ?? throw new LedgerDamagedException($"Leaf 0 of {key} is missing or is not an epoch's opening.");
        // Only the writer's own closing leaf stands in a commit that accounts for no record; a record that copies its bytes does not.
        var closed = head.LastSequence < head.FirstSequence
            ? await LeafAsync(table, key, head.Size - 1, cancellationToken).ConfigureAwait(false) as WriterLeaf.Closed
            : null;
        var sources = new SourceTable(TimeSpan.FromSeconds(opening.ExpireAfterSeconds)) { Clock = head.Clock, Broken = head.Broken };
        sources.Restore(await ListingsAsync(table, key, head, cancellationToken).ConfigureAwait(false));
        return new LogState
        {
            Name = name,
            Opening = opening,
            Tree = MerkleTree.From(head.Size, head.FrontierHashes()),
            Sources = sources,
            NextCommit = head.Commit + 1,
            Committed = head.LastSequence + 1,
            NextSequence = head.LastSequence + 1,
            Closed = closed,
        };
    }

    internal static CommitRow Strict(LedgerRow row) =>
        CommitRow.Read(row, out var problem)
        ?? throw new LedgerDamagedException($"Commit row {row.RowKey} of {row.PartitionKey} was changed: {problem}. Run proofgate audit verify.");

    internal static async Task<CommitRow?> HeadAsync(ILedgerTable table, string key, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(key, LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, 1, cancellationToken).ConfigureAwait(false))
        {
            var head = Strict(row);
            var hashes = head.FrontierHashes().ToArray();
            return System.Numerics.BitOperations.PopCount((ulong)head.Size) == hashes.Length
                && MerkleTree.From(head.Size, hashes).Root() == head.Root
                ? head
                : throw new LedgerDamagedException($"The head of {key} was changed: its frontier does not give its root. Run proofgate audit verify.");
        }

        return null;
    }

    private static async Task<List<(long Commit, byte[] Sources)>> ListingsAsync(
        ILedgerTable table, string key, CommitRow head, CancellationToken cancellationToken)
    {
        var listings = new List<(long Commit, byte[] Sources)>();
        var rows = table.ReadAsync(key, LedgerKeys.Commit(head.Size), LedgerKeys.AfterCommits, (int)(head.Commit - head.Since + 1), cancellationToken);
        await foreach (var row in rows.ConfigureAwait(false))
        {
            var commit = Strict(row);
            if (commit.Commit != head.Commit - listings.Count)
                throw new LedgerDamagedException($"Commit row {head.Commit - listings.Count} of {key} is missing. Run proofgate audit verify.");
            listings.Add((commit.Commit, commit.Sources));
        }

        return listings;
    }

    private static async Task<WriterLeaf?> LeafAsync(ILedgerTable table, string key, long index, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(key, LedgerKeys.Event(index), LedgerKeys.Event(index + 1), 1, cancellationToken).ConfigureAwait(false))
        {
            if (EventRow.Read(row, out _) is { } leaf && WriterLeaf.TryRead(leaf.Body, out var read))
                return read;
        }

        return null;
    }
}
