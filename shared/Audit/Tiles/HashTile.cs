using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tiles;

/// <summary>Hashes one after the other.</summary>
internal static class HashTile
{
    internal const int MaxBytes = TileId.FullWidth * MerkleHash.Size;

    internal static byte[] Encode(IReadOnlyList<MerkleHash> hashes) => CommitRow.Join(hashes);

    internal static MerkleHash[]? TryDecode(ReadOnlySpan<byte> tile, int width)
    {
        if (tile.Length != width * MerkleHash.Size)
            return null;
        var hashes = new MerkleHash[width];
        for (var i = 0; i < width; i++)
            hashes[i] = new MerkleHash(tile.Slice(i * MerkleHash.Size, MerkleHash.Size));
        return hashes;
    }
}
