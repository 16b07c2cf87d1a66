using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// The log over the logs: a leaf a minute with the time and every partition's newest checkpoint, so that one signature pins all of them and
/// silence shows; and every change of the key. Its bundles are its only copy.
/// </summary>
internal sealed class SuperLog(IEvidenceStore store, LogOrigin origin)
{
    private readonly LogFiles _files = new(store, origin.SuperLog);

    internal string Origin { get; } = origin.Of(origin.SuperLog);

    internal string KeysFolder => $"{origin.SuperLog}/keys";

    private CheckpointFiles Checkpoints => new(store, _files, Origin);

    /// <summary>The changes of the key so far, oldest first.</summary>
    internal async Task<IReadOnlyList<KeyChange>> ChangesAsync(CancellationToken cancellationToken)
    {
        var numbers = new SortedSet<long>();
        await foreach (var number in store.NumbersAsync(KeysFolder, cancellationToken).ConfigureAwait(false))
            numbers.Add(number);
        var changes = new List<KeyChange>();
        foreach (var number in numbers)
        {
            var leaf = await store.ReadAsync(KeyPath(number), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false);
            changes.Add(leaf is not null && KeyChange.TryOpen(leaf, Origin, out var change)
                ? change
                : throw new EvidenceDamagedException($"'{KeyPath(number)}' is not a change of the key that both keys have signed."));
        }

        return changes;
    }

    /// <summary>Adds the heads, unless its newest leaf is of the same minute.</summary>
    /// <returns>Whether a leaf was added.</returns>
    internal async Task<bool> BeatAsync(HeadsLeaf heads, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var newest = await Checkpoints.NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        if (newest is { Size: > 0 } && await LastAsync(newest.Size, cancellationToken).ConfigureAwait(false) is { } last
            && HeadsLeaf.TryRead(last.Span) is { } before && string.CompareOrdinal(before.Minute, heads.Minute) >= 0)
        {
            return false;
        }

        await AppendAsync(newest, heads.ToBytes(), signer, keys, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Adds a change of the key. From here on <paramref name="next"/> signs.</summary>
    internal async Task ChangeKeyAsync(
        DateTimeOffset time, ILogSigner old, ILogSigner next, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var newest = await Checkpoints.NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        var leaf = await KeyChange.SignAsync(Origin, time, old, next, cancellationToken).ConfigureAwait(false);
        // What a killed run left is finished first: its leaf is another one.
        for (var size = newest?.Size ?? 0; ; size++)
        {
            var added = await AppendAsync(newest, leaf, old, keys, cancellationToken).ConfigureAwait(false);
            newest = added.Checkpoint;
            if (added.IsOurs)
            {
                await store.InsertAsync(KeyPath(size), leaf, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (KeyChange.TryOpen(added.Leaf.Span, Origin, out _))
                await store.InsertAsync(KeyPath(size), added.Leaf, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(SignedCheckpoint Checkpoint, ReadOnlyMemory<byte> Leaf, bool IsOurs)> AppendAsync(
        SignedCheckpoint? newest, ReadOnlyMemory<byte> leaf, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var size = newest?.Size ?? 0;
        var adopted = await OrphanAsync(size, cancellationToken).ConfigureAwait(false);
        var next = adopted ?? leaf;
        var tree = size == 0
            ? new MerkleTree()
            : MerkleTree.From(size, await new TileTree(_files, size).FrontierAsync(cancellationToken).ConfigureAwait(false));
        tree.Append(MerkleHash.OfLeaf(next.Span));
        var notary = new LogNotary(store, origin.SuperLog, Origin, new StoredLeaves(_files, size, next));
        var signed = await notary.SignAsync(size + 1, tree.Root(), signer, keys, cancellationToken).ConfigureAwait(false);
        return (signed, next, adopted is null);
    }

    /// <summary>A leaf that was written and not signed: the run that added it was killed. It is what the next run adds.</summary>
    private async Task<ReadOnlyMemory<byte>?> OrphanAsync(long size, CancellationToken cancellationToken)
    {
        var index = size / TileId.FullWidth;
        var entries = await _files.TryEntriesAsync(index, TileId.WidthIn(size + 1, 0, index), cancellationToken).ConfigureAwait(false);
        // Not `: null`, which would become empty memory.
        return entries is { Count: > 0 } ? entries[^1] : default(ReadOnlyMemory<byte>?);
    }

    private async Task<ReadOnlyMemory<byte>?> LastAsync(long size, CancellationToken cancellationToken)
    {
        var index = (size - 1) / TileId.FullWidth;
        return await _files.TryEntriesAsync(index, TileId.WidthIn(size, 0, index), cancellationToken).ConfigureAwait(false) is { Count: > 0 } entries
            ? entries[^1]
            : default(ReadOnlyMemory<byte>?);
    }

    private string KeyPath(long number) => FormattableString.Invariant($"{KeysFolder}/{number}");
}
