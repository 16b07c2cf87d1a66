using System.Numerics;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tiles;

/// <summary>The Merkle tree over the first <paramref name="size"/> leaves, read from its tiles: root and proofs (RFC 6962, 2.1).</summary>
public sealed class TileTree(ITileSource tiles, long size)
{
    public long Size => size;

    public async Task<MerkleHash> RootAsync(CancellationToken cancellationToken) =>
        size == 0 ? MerkleHash.Of([]) : await RangeAsync(0, size, cancellationToken).ConfigureAwait(false);

    /// <summary>Roots of the perfect subtrees, largest first.</summary>
    public async Task<IReadOnlyList<MerkleHash>> FrontierAsync(CancellationToken cancellationToken)
    {
        var frontier = new List<MerkleHash>();
        for (long at = 0; at < size;)
        {
            var height = BitOperations.Log2((ulong)(size - at));
            frontier.Add(await NodeAsync(height, at >> height, cancellationToken).ConfigureAwait(false));
            at += 1L << height;
        }

        return frontier;
    }

    /// <summary>The audit path of a leaf, from its sibling up.</summary>
    public async Task<IReadOnlyList<MerkleHash>> InclusionAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<MerkleHash>();
        for (var (low, high) = (0L, size); high - low > 1;)
        {
            var middle = low + Split(high - low);
            var left = index < middle;
            path.Add(await (left ? RangeAsync(middle, high, cancellationToken) : RangeAsync(low, middle, cancellationToken)).ConfigureAwait(false));
            (low, high) = left ? (low, middle) : (middle, high);
        }

        path.Reverse();
        return path;
    }

    /// <summary>Shows that the tree over the first <paramref name="oldSize"/> leaves is the beginning of this one.</summary>
    public async Task<IReadOnlyList<MerkleHash>> ConsistencyAsync(long oldSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        var path = new List<MerkleHash>();
        if (oldSize == 0)
            return path;
        var (low, high, known) = (0L, size, true);
        while (oldSize < high)
        {
            var middle = low + Split(high - low);
            if (oldSize <= middle)
            {
                path.Add(await RangeAsync(middle, high, cancellationToken).ConfigureAwait(false));
                high = middle;
            }
            else
            {
                path.Add(await RangeAsync(low, middle, cancellationToken).ConfigureAwait(false));
                (low, known) = (middle, false);
            }
        }

        if (!known)
            path.Add(await RangeAsync(low, high, cancellationToken).ConfigureAwait(false));
        path.Reverse();
        return path;
    }

    public async ValueTask<MerkleHash> LeafAsync(long index, CancellationToken cancellationToken) =>
        await NodeAsync(0, index, cancellationToken).ConfigureAwait(false);

    /// <summary>The root over leaves that begin at a multiple of a power of two not below their number, as all ranges of proofs do.</summary>
    private async Task<MerkleHash> RangeAsync(long low, long high, CancellationToken cancellationToken)
    {
        if (BitOperations.IsPow2(high - low))
        {
            var height = BitOperations.Log2((ulong)(high - low));
            return await NodeAsync(height, low >> height, cancellationToken).ConfigureAwait(false);
        }

        var middle = low + Split(high - low);
        var left = await RangeAsync(low, middle, cancellationToken).ConfigureAwait(false);
        return MerkleHash.OfNode(left, await RangeAsync(middle, high, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The root of the perfect subtree of a height; it lies within one tile.</summary>
    private async ValueTask<MerkleHash> NodeAsync(int height, long index, CancellationToken cancellationToken)
    {
        var (level, below) = (height / 8, height % 8);
        var first = index << below;
        var tile = first / TileId.FullWidth;
        var hashes = await tiles.HashesAsync(TileId.Hashes(level, tile, TileId.WidthIn(size, level, tile)), cancellationToken).ConfigureAwait(false);
        return RootOf(hashes, (int)(first % TileId.FullWidth), 1 << below);
    }

    internal static MerkleHash RootOf(IReadOnlyList<MerkleHash> hashes, int from, int count)
    {
        if (count == 1)
            return hashes[from];
        return MerkleHash.OfNode(RootOf(hashes, from, count / 2), RootOf(hashes, from + (count / 2), count / 2));
    }

    private static long Split(long length) => 1L << BitOperations.Log2((ulong)(length - 1));
}
