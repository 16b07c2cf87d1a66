using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Ledger;

/// <summary>
/// A leaf that the ledger's writer makes. It carries no time, no signature and no random id, so a ledger made again from the same stream is
/// the same. Its bytes begin otherwise than any event's, and a record of the stream that copies them is opaque: its own flag comes before it.
/// </summary>
internal abstract record WriterLeaf
{
    private WriterLeaf()
    {
    }

    /// <summary>Leaf 0 of every epoch.</summary>
    /// <param name="Log">The log's own name.</param>
    /// <param name="Stream">The stream that it is bound to.</param>
    /// <param name="From">The first sequence number that belongs to it.</param>
    /// <param name="ExpireAfterSeconds">How long a source may be idle before it is forgotten.</param>
    /// <param name="Cause"><c>opened</c>, <c>recreated</c> or <c>rewound</c>.</param>
    /// <param name="PreviousSize">Final size of the epoch before; null for the first.</param>
    /// <param name="PreviousRoot">Its final root.</param>
    internal sealed record Epoch(
        LogName Log, StreamIdentity Stream, long From, long ExpireAfterSeconds, string Cause, long? PreviousSize, MerkleHash? PreviousRoot) : WriterLeaf;

    /// <summary>The last leaf of an epoch. It names all that leaf 0 of the next one needs.</summary>
    internal sealed record Closed(string Cause, StreamIdentity NextStream, long NextFrom) : WriterLeaf;

    /// <summary>Sequence numbers that the stream no longer has.</summary>
    internal sealed record Gap(long First, long Last) : WriterLeaf;

    /// <summary>The next leaf is a record that is no event.</summary>
    internal sealed record Opaque(long Bytes) : WriterLeaf;

    /// <summary>A record that no row can hold, too large or empty; this leaf stands for it.</summary>
    internal sealed record Unstored(long Bytes, MerkleHash Digest) : WriterLeaf;

    /// <summary>The next leaf is an event that does not continue its source.</summary>
    internal sealed record Conflict(SourceId Source, long Number, long Highest) : WriterLeaf;

    internal byte[] ToBytes()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterLeafFormat.Options))
            WriterLeafFormat.Write(writer, this);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether <paramref name="body"/> is spelled as a writer's leaf, whoever made it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> body, out WriterLeaf? leaf)
    {
        leaf = body.StartsWith("{\"v\":1,\"kind\":"u8) ? WriterLeafFormat.TryRead(body) : null;
        return leaf is not null && leaf.ToBytes().AsSpan().SequenceEqual(body);
    }
}
