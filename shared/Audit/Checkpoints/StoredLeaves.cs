using System.Runtime.CompilerServices;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>Leaves of a log that has no table: those in its bundles, and one that is to be added.</summary>
/// <param name="files">The log.</param>
/// <param name="size">Leaves in its bundles.</param>
/// <param name="next">The one after them.</param>
internal sealed class StoredLeaves(LogFiles files, long size, ReadOnlyMemory<byte> next) : ILeafSource
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        long from, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var at = from; at < Math.Min(before, size);)
        {
            var (index, offset) = (at / TileId.FullWidth, (int)(at % TileId.FullWidth));
            var entries = await files.TryEntriesAsync(index, TileId.WidthIn(size, 0, index), cancellationToken).ConfigureAwait(false)
                ?? throw new EvidenceDamagedException($"The leaves of {files.Log} from {at} on are missing.");
            for (; offset < entries.Count && at < before; offset++, at++)
                yield return entries[offset];
        }

        if (before == size + 1)
            yield return next;
    }
}
