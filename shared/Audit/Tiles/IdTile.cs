using Proofgate.Audit.Events;

namespace Proofgate.Audit.Tiles;

/// <summary>The audit ids of consecutive leaves, 16 bytes each, big-endian; zero where a leaf is no event.</summary>
internal static class IdTile
{
    internal const int IdBytes = 16;
    internal const int MaxBytes = TileId.FullWidth * IdBytes;

    internal static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var ids = new byte[entries.Count * IdBytes];
        for (var i = 0; i < entries.Count; i++)
        {
            if (EventEnvelope.TryRead(entries[i].Span, out var envelope))
                envelope.Id.Value.TryWriteBytes(ids.AsSpan(i * IdBytes), bigEndian: true, out _);
        }

        return ids;
    }
}
