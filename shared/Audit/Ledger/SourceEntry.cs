using System.Buffers.Binary;
using Proofgate.Audit.Events;

namespace Proofgate.Audit.Ledger;

/// <summary>What the ledger knows of one source.</summary>
internal sealed class SourceEntry(SourceId source)
{
    internal const int Bytes = SourceId.Size + 8 + MerkleHash.Size + 8 + 8;

    internal SourceId Source { get; } = source;

    /// <summary>The highest number.</summary>
    internal long Number { get; set; }

    /// <summary>Leaf hash of that event.</summary>
    internal MerkleHash Hash { get; set; }

    /// <summary>Its index.</summary>
    internal long Index { get; set; }

    /// <summary>The ledger's clock when it was appended, Unix milliseconds.</summary>
    internal long Touched { get; set; }

    /// <summary>The last commit whose row lists this source.</summary>
    internal long ListedAt { get; set; }

    /// <summary>Whether it has a closing event. Known to the verifier only; not in the commit row.</summary>
    internal bool Closed { get; set; }

    internal static SourceEntry Read(ReadOnlySpan<byte> bytes) => new(SourceId.Read(bytes))
    {
        Number = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
        Hash = new MerkleHash(bytes.Slice(24, MerkleHash.Size)),
        Index = BinaryPrimitives.ReadInt64BigEndian(bytes[56..]),
        Touched = BinaryPrimitives.ReadInt64BigEndian(bytes[64..]),
    };

    internal void Write(Span<byte> bytes)
    {
        Source.Write(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Number);
        Hash.CopyTo(bytes[24..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[56..], Index);
        BinaryPrimitives.WriteInt64BigEndian(bytes[64..], Touched);
    }
}
