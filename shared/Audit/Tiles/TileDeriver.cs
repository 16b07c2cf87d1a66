using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tiles;

/// <summary>
/// Derives a log's tiles, bundles and ids from its leaves. What is there already must be what is derived; what is missing, or has another length
/// than it must have, is derived again. What differs is left as it is and ends the work.
/// </summary>
internal sealed class TileDeriver(IEvidenceStore store, LogFiles files, ILeafSource leaves) : ITileSource
{
    /// <summary>Writes all files that a log of <paramref name="size"/> leaves has and one of <paramref name="from"/> leaves does not have.</summary>
    /// <exception cref="EvidenceDamagedException">A file that is there differs, or a leaf is missing.</exception>
    internal async Task DeriveAsync(long from, long size, CancellationToken cancellationToken)
    {
        for (var index = from / TileId.FullWidth; index * TileId.FullWidth < size; index++)
        {
            if (TileId.WidthIn(from, 0, index) != TileId.WidthIn(size, 0, index))
                await DeriveLeavesAsync(index, TileId.WidthIn(size, 0, index), cancellationToken).ConfigureAwait(false);
        }

        for (var level = 1; level <= TileId.MaxLevel && size >> (8 * level) > 0; level++)
        {
            for (var index = (from >> (8 * level)) / TileId.FullWidth; TileId.WidthIn(size, level, index) is var width and > 0; index++)
            {
                if (TileId.WidthIn(from, level, index) != width)
                    await DeriveNodesAsync(TileId.Hashes(level, index, width), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask<IReadOnlyList<MerkleHash>> HashesAsync(TileId tile, CancellationToken cancellationToken) =>
        await files.TryHashesAsync(tile, cancellationToken).ConfigureAwait(false)
        ?? (tile.Level == 0
            ? await DeriveLeavesAsync(tile.Index, tile.Width, cancellationToken).ConfigureAwait(false)
            : await DeriveNodesAsync(tile, cancellationToken).ConfigureAwait(false));

    private async Task<MerkleHash[]> DeriveLeavesAsync(long index, int width, CancellationToken cancellationToken)
    {
        var first = index * TileId.FullWidth;
        var entries = new List<ReadOnlyMemory<byte>>(width);
        var hashes = new List<MerkleHash>(width);
        await foreach (var leaf in leaves.ReadAsync(first, first + width, cancellationToken).ConfigureAwait(false))
        {
            if (leaf.Length > EntryBundle.MaxEntryBytes)
                await PutAsync(new TileId(TileKind.Large, 0, first + entries.Count, TileId.FullWidth), leaf, cancellationToken).ConfigureAwait(false);
            hashes.Add(MerkleHash.OfLeaf(leaf.Span));
            entries.Add(leaf);
        }

        var kind = EntryBundle.IsWide(entries) ? TileKind.Wide : TileKind.Entries;
        await PutAsync(new TileId(kind, 0, index, width), EntryBundle.Encode(entries), cancellationToken).ConfigureAwait(false);
        if (width == TileId.FullWidth)
            await PutAsync(new TileId(TileKind.Ids, 0, index, width), IdTile.Encode(entries), cancellationToken).ConfigureAwait(false);
        return await PutHashesAsync(TileId.Hashes(0, index, width), [.. hashes], cancellationToken).ConfigureAwait(false);
    }

    private async Task<MerkleHash[]> DeriveNodesAsync(TileId tile, CancellationToken cancellationToken)
    {
        var hashes = new MerkleHash[tile.Width];
        for (var i = 0; i < hashes.Length; i++)
        {
            var below = await HashesAsync(TileId.Hashes(tile.Level - 1, (tile.Index * TileId.FullWidth) + i), cancellationToken).ConfigureAwait(false);
            hashes[i] = TileTree.RootOf(below, 0, TileId.FullWidth);
        }

        return await PutHashesAsync(tile, hashes, cancellationToken).ConfigureAwait(false);
    }

    private async Task<MerkleHash[]> PutHashesAsync(TileId tile, MerkleHash[] hashes, CancellationToken cancellationToken)
    {
        await PutAsync(tile, HashTile.Encode(hashes), cancellationToken).ConfigureAwait(false);
        files.Remember(tile, hashes);
        return hashes;
    }

    private async Task PutAsync(TileId tile, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = files.PathOf(tile);
        if (await store.InsertAsync(path, content, cancellationToken).ConfigureAwait(false))
            return;
        var held = await store.ReadAsync(path, Math.Max(content.Length, 1), cancellationToken).ConfigureAwait(false);
        if (held is null || !content.Span.SequenceEqual(held))
            throw new EvidenceDamagedException($"'{path}' is not what the log's leaves give. It stays as it is, and nothing is signed.");
    }
}
