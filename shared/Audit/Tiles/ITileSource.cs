using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tiles;

/// <summary>Where the hash tiles of one log come from.</summary>
public interface ITileSource
{
    /// <summary>The hashes of a tile, exactly as many as its width says.</summary>
    /// <exception cref="EvidenceDamagedException">It is missing, or not a tile of that width.</exception>
    ValueTask<IReadOnlyList<MerkleHash>> HashesAsync(TileId tile, CancellationToken cancellationToken);
}
