using System.Globalization;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tiles;

/// <summary>The files of one log, read and taken apart.</summary>
/// <param name="store">Where they are.</param>
/// <param name="log">Name of the log, and of its folder.</param>
public sealed class LogFiles(IEvidenceStore store, string log) : ITileSource
{
    private const int MaxCached = 256;
    private const int MaxLargeBytes = 1 << 20;

    private static readonly TileKind[] Bundles = [TileKind.Entries, TileKind.Wide];

    private readonly Dictionary<TileId, MerkleHash[]> _cache = [];

    internal string Log => log;

    internal string CheckpointFolder => $"{log}/checkpoints";

    internal string PathOf(TileId tile) => $"{log}/{tile}";

    internal string CheckpointPath(long size) => string.Create(CultureInfo.InvariantCulture, $"{log}/checkpoints/{size}");

    public async ValueTask<IReadOnlyList<MerkleHash>> HashesAsync(TileId tile, CancellationToken cancellationToken) =>
        await TryHashesAsync(tile, cancellationToken).ConfigureAwait(false)
        ?? throw new EvidenceDamagedException($"{PathOf(tile)} is missing, or is not {tile.Width} hashes.");

    /// <summary>Null where it is missing or has another length. A partial tile may be gone where the full one stands.</summary>
    internal async ValueTask<MerkleHash[]?> TryHashesAsync(TileId tile, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(tile, out var hashes))
            return hashes;
        hashes = await ReadHashesAsync(tile, cancellationToken).ConfigureAwait(false);
        if (hashes is null && !tile.IsFull && await ReadHashesAsync(tile.Full, cancellationToken).ConfigureAwait(false) is { } full)
            hashes = full[..tile.Width];
        if (hashes is not null)
            Remember(tile, hashes);
        return hashes;
    }

    internal void Remember(TileId tile, MerkleHash[] hashes)
    {
        if (_cache.Count >= MaxCached)
            _cache.Clear();
        _cache[tile] = hashes;
    }

    /// <summary>The entries of bundle <paramref name="index"/>, the large ones read too; null where a file is missing or malformed.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> TryEntriesAsync(long index, int width, CancellationToken cancellationToken)
    {
        foreach (var kind in Bundles)
        {
            var tile = new TileId(kind, 0, index, width);
            if (await ReadBundleAsync(tile, cancellationToken).ConfigureAwait(false) is { } entries)
                return entries;
            if (!tile.IsFull && await ReadBundleAsync(tile.Full, cancellationToken).ConfigureAwait(false) is { } full)
                return [.. full.Take(width)];
        }

        return null;
    }

    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadBundleAsync(TileId tile, CancellationToken cancellationToken)
    {
        var wide = tile.Kind == TileKind.Wide;
        if (await store.ReadAsync(PathOf(tile), EntryBundle.MaxBytes, cancellationToken).ConfigureAwait(false) is not { } bytes
            || EntryBundle.TryDecode(bytes, tile.Width, wide) is not { } decoded)
        {
            return null;
        }

        var entries = new ReadOnlyMemory<byte>[decoded.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            if (decoded[i].Entry is { } entry)
            {
                entries[i] = entry;
                continue;
            }

            var large = new TileId(TileKind.Large, 0, (tile.Index * TileId.FullWidth) + i, TileId.FullWidth);
            if (await store.ReadAsync(PathOf(large), MaxLargeBytes, cancellationToken).ConfigureAwait(false) is not { } body || body.Length != decoded[i].Length)
                return null;
            entries[i] = body;
        }

        return entries;
    }

    private async Task<MerkleHash[]?> ReadHashesAsync(TileId tile, CancellationToken cancellationToken) =>
        await store.ReadAsync(PathOf(tile), HashTile.MaxBytes, cancellationToken).ConfigureAwait(false) is { } bytes
            ? HashTile.TryDecode(bytes, tile.Width)
            : null;
}
