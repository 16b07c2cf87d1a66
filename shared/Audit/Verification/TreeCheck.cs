using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Verification;

/// <summary>Computes a log's tiles and roots again, leaf by leaf, and compares the files with them.</summary>
internal sealed class TreeCheck(IEvidenceStore store, LogFiles files, Action<VerificationCode, string, string> find)
{
    private readonly List<MerkleHash>[] _levels = [.. Enumerable.Range(0, TileId.MaxLevel + 1).Select(static _ => new List<MerkleHash>(TileId.FullWidth))];
    private readonly long[] _index = new long[TileId.MaxLevel + 1];
    private readonly MerkleTree _tree = new();

    internal long Tiles { get; private set; }

    internal MerkleHash Root => _tree.Root();

    internal async Task AppendAsync(MerkleHash leaf, CancellationToken cancellationToken)
    {
        _tree.Append(leaf);
        for (var level = 0; ; level++)
        {
            _levels[level].Add(leaf);
            if (_levels[level].Count < TileId.FullWidth)
                return;
            await CompareAsync(TileId.Hashes(level, _index[level]), _levels[level], cancellationToken).ConfigureAwait(false);
            leaf = TileTree.RootOf(_levels[level], 0, TileId.FullWidth);
            _levels[level].Clear();
            _index[level]++;
        }
    }

    /// <summary>The partial tiles of a size that was signed.</summary>
    internal async Task PartialsAsync(CancellationToken cancellationToken)
    {
        for (var level = 0; level <= TileId.MaxLevel; level++)
        {
            if (_levels[level].Count > 0)
                await CompareAsync(TileId.Hashes(level, _index[level], _levels[level].Count), _levels[level], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CompareAsync(TileId tile, List<MerkleHash> hashes, CancellationToken cancellationToken)
    {
        Tiles++;
        var path = files.PathOf(tile);
        byte[]? held = null;
        try
        {
            held = await store.ReadAsync(path, HashTile.MaxBytes, cancellationToken).ConfigureAwait(false);
            // A partial tile may go when the full one is there.
            if (held is null && !tile.IsFull && await store.ReadAsync(files.PathOf(tile.Full), HashTile.MaxBytes, cancellationToken).ConfigureAwait(false) is { } full)
                held = full.Length >= tile.Width * MerkleHash.Size ? full[..(tile.Width * MerkleHash.Size)] : full;
        }
        catch (EvidenceDamagedException)
        {
            held = [];
        }

        if (held is null)
            find(VerificationCode.Missing, path, "The hash tile is missing.");
        else if (!held.AsSpan().SequenceEqual(HashTile.Encode(hashes)))
            find(CodeOf(held, hashes), path, "The hash tile is not what the leaves give.");
    }

    /// <summary>The same hashes in another order are leaves that have changed places.</summary>
    private static VerificationCode CodeOf(byte[] held, List<MerkleHash> hashes) =>
        HashTile.TryDecode(held, hashes.Count) is { } other && other.Select(static h => h.ToString()).Order().SequenceEqual(hashes.Select(static h => h.ToString()).Order())
            ? VerificationCode.ReorderedOrDuplicated
            : VerificationCode.BytesChanged;
}
