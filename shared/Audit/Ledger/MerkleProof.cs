using System.Numerics;

namespace Proofgate.Audit.Ledger;

/// <summary>Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2; checked as RFC 9162, 2.1.3.2 and 2.1.4.2).</summary>
public static class MerkleProof
{
    /// <summary>The audit path of a leaf in the tree over <paramref name="leaves"/>.</summary>
    public static IReadOnlyList<MerkleHash> Inclusion(long index, ReadOnlySpan<MerkleHash> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var path = new List<MerkleHash>();
        while (leaves.Length > 1)
        {
            var split = Split(leaves.Length);
            path.Add(Root(index < split ? leaves[split..] : leaves[..split]));
            leaves = index < split ? leaves[..split] : leaves[split..];
            index = index < split ? index : index - split;
        }

        path.Reverse();
        return path;
    }

    /// <summary>Shows that the tree over the first <paramref name="oldSize"/> leaves is the beginning of the tree over all of them.</summary>
    public static IReadOnlyList<MerkleHash> Consistency(long oldSize, ReadOnlySpan<MerkleHash> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, leaves.Length);
        var path = new List<MerkleHash>();
        var known = true;
        while (oldSize < leaves.Length)
        {
            var split = Split(leaves.Length);
            if (oldSize <= split)
            {
                path.Add(Root(leaves[split..]));
                leaves = leaves[..split];
            }
            else
            {
                path.Add(Root(leaves[..split]));
                leaves = leaves[split..];
                oldSize -= split;
                known = false;
            }
        }

        if (!known)
            path.Add(Root(leaves));
        path.Reverse();
        return path;
    }

    /// <summary>The root of the tree over <paramref name="leaves"/>.</summary>
    public static MerkleHash Root(ReadOnlySpan<MerkleHash> leaves)
    {
        var tree = new MerkleTree();
        foreach (var leaf in leaves)
            tree.Append(leaf);
        return tree.Root();
    }

    public static bool VerifyInclusion(long index, long size, MerkleHash leaf, IReadOnlyList<MerkleHash> path, MerkleHash root)
    {
        if (index < 0 || index >= size)
            return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.OfNode(sibling, hash);
                SkipRightEdge(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.OfNode(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }

    public static bool VerifyConsistency(long oldSize, long newSize, MerkleHash oldRoot, MerkleHash newRoot, IReadOnlyList<MerkleHash> path)
    {
        if (oldSize < 0 || oldSize > newSize)
            return false;
        if (oldSize == newSize)
            return path.Count == 0 && oldRoot == newRoot;
        // From an empty tree everything follows, so such a proof shows nothing; RFC 9162 leaves it out.
        if (oldSize == 0 || path.Count == 0)
            return false;
        // A complete old tree is a node of the new one, and the proof does not repeat it.
        var complete = BitOperations.IsPow2(oldSize);
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        var (oldHash, newHash) = complete ? (oldRoot, oldRoot) : (path[0], path[0]);
        for (var i = complete ? 0 : 1; i < path.Count; i++)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                oldHash = MerkleHash.OfNode(path[i], oldHash);
                newHash = MerkleHash.OfNode(path[i], newHash);
                SkipRightEdge(ref node, ref last);
            }
            else
            {
                newHash = MerkleHash.OfNode(newHash, path[i]);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && oldHash == oldRoot && newHash == newRoot;
    }

    /// <summary>On the right edge a node without a sibling is its own parent: levels without one are left out of the path.</summary>
    private static void SkipRightEdge(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            node >>= 1;
            last >>= 1;
        }
    }

    /// <summary>The largest power of two below <paramref name="length"/>.</summary>
    private static int Split(int length) => 1 << (31 - BitOperations.LeadingZeroCount((uint)(length - 1)));
}
