using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// The log over the logs: a leaf a minute with the time and every partition's newest checkpoint, so that one signature pins all of them and
/// silence shows; and every change of the key. Its bundles are its only copy.
/// </summary>
internal sealed class SuperLog(IEvidenceStore store, SignedRows signedRows, LogOrigin origin)
{
    private readonly LogFiles _files = new(store, origin.SuperLog);

    internal string Origin { get; } = origin.Of(origin.SuperLog);

    internal string KeysFolder => KeysFolderOf(origin);

    private CheckpointFiles Checkpoints => new(store, _files, Origin);

    internal static string KeysFolderOf(LogOrigin origin) => $"{origin.SuperLog}/keys";

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
        var newest = await NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        if (newest is { Size: > 0 } && await LastAsync(newest.Size, cancellationToken).ConfigureAwait(false) is { } last)
        {
            if (await KeptAsync(newest.Size - 1, last, cancellationToken).ConfigureAwait(false) is { } change && change.Old.Equals(signer.KeyFor(Origin)))
                throw Retired(change);
            if (HeadsLeaf.TryRead(last.Span) is { } before && string.CompareOrdinal(before.Minute, heads.Minute) >= 0)
                return false;
        }

        await AppendAsync(newest, heads.ToBytes(), signer, keys, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Adds a change of the key. From here on <paramref name="next"/> signs. What a killed run left of the same change is finished, and not made again: the old
    /// key must sign nothing after it.
    /// </summary>
    /// <returns>False where <paramref name="next"/> signs already.</returns>
    /// <exception cref="EvidenceDamagedException">The super-log's newest checkpoint is not the old key's: only who signs can hand over.</exception>
    internal async Task<bool> ChangeKeyAsync(DateTimeOffset time, ILogSigner old, ILogSigner next, CancellationToken cancellationToken)
    {
        if (await Checkpoints.NewestBytesAsync(cancellationToken).ConfigureAwait(false) is { } bytes && SignedCheckpoint.TryOpen(bytes, Origin, [next.KeyFor(Origin)], out _))
            return false;
        VerifierKey[] keys = [old.KeyFor(Origin)];
        var newest = await NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        if (newest is { Size: > 0 } && await LastAsync(newest.Size, cancellationToken).ConfigureAwait(false) is { } last
            && await KeptAsync(newest.Size - 1, last, cancellationToken).ConfigureAwait(false) is { } done && IsFromTo(done, old, next))
        {
            return true;
        }

        var leaf = await KeyChange.SignAsync(Origin, time, old, next, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (signed, added) = await AppendAsync(newest, leaf, old, keys, cancellationToken).ConfigureAwait(false);
            newest = signed;
            if (await KeptAsync(signed.Size - 1, added, cancellationToken).ConfigureAwait(false) is { } change)
            {
                if (IsFromTo(change, old, next))
                    return true;
                if (change.Old.Equals(old.KeyFor(Origin)))
                    throw Retired(change);
            }
        }
    }

    internal static EvidenceDamagedException Retired(KeyChange change) =>
        new($"The key {change.Old} was handed over to {change.New} and signs no more. Configure that one.");

    private bool IsFromTo(KeyChange change, ILogSigner old, ILogSigner next) => change.Old.Equals(old.KeyFor(Origin)) && change.New.Equals(next.KeyFor(Origin));

    /// <summary>A leaf that changes the key has a copy where it is found; a killed run may have left it out.</summary>
    private async Task<KeyChange?> KeptAsync(long index, ReadOnlyMemory<byte> leaf, CancellationToken cancellationToken)
    {
        if (!KeyChange.TryOpen(leaf.Span, Origin, out var change))
            return null;
        await store.InsertAsync(KeyPath(index), leaf, cancellationToken).ConfigureAwait(false);
        return change;
    }

    private async Task<SignedCheckpoint?> NewestAsync(IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var newest = await Checkpoints.NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        var size = newest?.Size ?? 0;
        if (await signedRows.NewestAsync(origin.SuperLog, hasRoot: false, cancellationToken).ConfigureAwait(false) is { } signed && signed.Size > size)
        {
            throw new EvidenceDamagedException(
                $"{signed.Size} leaves of {origin.SuperLog} were signed and its newest checkpoint has {size}: evidence was deleted, and its leaves have no other copy. "
                + "Put back a copy (proofgate audit export). Nothing of it is signed until then.");
        }

        await signedRows.RecordAsync(origin.SuperLog, size, null, cancellationToken).ConfigureAwait(false);
        return newest;
    }

    private async Task<(SignedCheckpoint Checkpoint, ReadOnlyMemory<byte> Leaf)> AppendAsync(
        SignedCheckpoint? newest, ReadOnlyMemory<byte> leaf, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var size = newest?.Size ?? 0;
        var next = await OrphanAsync(size, cancellationToken).ConfigureAwait(false) ?? leaf;
        var tree = size == 0
            ? new MerkleTree()
            : MerkleTree.From(size, await new TileTree(_files, size).FrontierAsync(cancellationToken).ConfigureAwait(false));
        tree.Append(MerkleHash.OfLeaf(next.Span));
        var notary = new LogNotary(store, origin.SuperLog, Origin, new StoredLeaves(_files, size, next));
        var signed = await notary.SignAsync(newest, size + 1, tree.Root(), signer, keys, cancellationToken).ConfigureAwait(false);
        await signedRows.RecordAsync(origin.SuperLog, signed.Size, null, cancellationToken).ConfigureAwait(false);
        return (signed, next);
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
