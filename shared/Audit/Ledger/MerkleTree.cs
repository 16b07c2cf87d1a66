using System.Numerics;

namespace Proofgate.Audit.Ledger;

/// <summary>A growing Merkle tree (RFC 6962, 2.1) that keeps only its frontier: the roots of its perfect subtrees, largest first.</summary>
public sealed class MerkleTree
{
    private readonly List<MerkleHash> _frontier = [];

    /// <summary>Leaves appended so far.</summary>
    public long Size { get; private set; }

    public IReadOnlyList<MerkleHash> Frontier => _frontier;

    /// <summary>Continues a tree from its size and frontier.</summary>
    /// <exception cref="ArgumentException">The frontier does not have one hash for each set bit of the size.</exception>
    public static MerkleTree From(long size, IEnumerable<MerkleHash> frontier)
    {
        var tree = new MerkleTree { Size = size };
        tree._frontier.AddRange(frontier);
        return size >= 0 && tree._frontier.Count == BitOperations.PopCount((ulong)size)
            ? tree
            : throw new ArgumentException("The frontier does not fit the size.", nameof(frontier));
    }

    public void Append(MerkleHash leaf)
    {
        for (var rest = Size; (rest & 1) == 1; rest >>= 1)
        {
            leaf = MerkleHash.OfNode(_frontier[^1], leaf);
            _frontier.RemoveAt(_frontier.Count - 1);
        }

        _frontier.Add(leaf);
        Size++;
    }

    public MerkleHash Root()
    {
        if (Size == 0)
            return MerkleHash.Of([]);
        var root = _frontier[^1];
        for (var i = _frontier.Count - 2; i >= 0; i--)
            root = MerkleHash.OfNode(_frontier[i], root);
        return root;
    }
}
