using System.Buffers.Binary;

namespace Proofgate.Audit.Ledger;

/// <summary>A commit row: what one transaction added, and the state after it.</summary>
internal sealed record CommitRow
{
    /// <summary>0, 1, 2 ... in an epoch.</summary>
    internal required long Commit { get; init; }

    internal required long Size { get; init; }

    internal required MerkleHash Root { get; init; }

    /// <summary>Hashes of the frontier, joined.</summary>
    internal required byte[] Frontier { get; init; }

    /// <summary>First sequence number of the stream that it accounts for.</summary>
    internal required long FirstSequence { get; init; }

    /// <summary>The last one; one less than the first if it accounts for none.</summary>
    internal required long LastSequence { get; init; }

    internal required MerkleHash SequenceDigest { get; init; }

    internal required byte[] Redelivered { get; init; }

    internal required long Clock { get; init; }

    internal required long Broken { get; init; }

    internal required long Since { get; init; }

    internal required byte[] Sources { get; init; }

    internal LedgerRow ToRow(string partitionKey)
    {
        var columns = new Dictionary<string, object>(16)
        {
            [LedgerColumns.Commit] = Commit,
            [LedgerColumns.Size] = Size,
            [LedgerColumns.Root] = Root.ToArray(),
            [LedgerColumns.Frontier] = Frontier,
            [LedgerColumns.FirstSequence] = FirstSequence,
            [LedgerColumns.LastSequence] = LastSequence,
            [LedgerColumns.SequenceDigest] = SequenceDigest.ToArray(),
            [LedgerColumns.Clock] = Clock,
            [LedgerColumns.Broken] = Broken,
            [LedgerColumns.Since] = Since,
        };
        if (Redelivered.Length > 0)
            columns[LedgerColumns.Redelivered] = Redelivered;
        if (Sources.Length > 0)
            LedgerColumns.Split(columns, LedgerColumns.Sources, Sources);
        return new LedgerRow(partitionKey, LedgerKeys.Commit(Size), columns);
    }

    /// <summary>Reads a row strictly: every column known, present and of its type. Null, and a reason, where it is not.</summary>
    internal static CommitRow? Read(LedgerRow row, out string? problem)
    {
        var columns = new ColumnReader(row);
        var commit = new CommitRow
        {
            Commit = columns.Number(LedgerColumns.Commit),
            Size = columns.Number(LedgerColumns.Size),
            Root = columns.Hash(LedgerColumns.Root),
            Frontier = columns.Bytes(LedgerColumns.Frontier),
            FirstSequence = columns.Number(LedgerColumns.FirstSequence),
            LastSequence = columns.Number(LedgerColumns.LastSequence),
            SequenceDigest = columns.Hash(LedgerColumns.SequenceDigest),
            Redelivered = columns.OptionalBytes(LedgerColumns.Redelivered),
            Clock = columns.Number(LedgerColumns.Clock),
            Broken = columns.Number(LedgerColumns.Broken),
            Since = columns.Number(LedgerColumns.Since),
            Sources = columns.Joined(LedgerColumns.Sources),
        };
        if (!LedgerKeys.TryCommit(row.RowKey, out var size) || size != commit.Size)
            columns.Fail("its key does not agree with its size");
        if (commit.Frontier.Length % MerkleHash.Size != 0 || commit.Redelivered.Length % 16 != 0 || commit.Sources.Length % SourceEntry.Bytes != 0)
            columns.Fail("a column has a length that is never written");
        problem = columns.Problem;
        return problem is null ? commit : null;
    }

    internal IEnumerable<MerkleHash> FrontierHashes()
    {
        for (var at = 0; at < Frontier.Length; at += MerkleHash.Size)
            yield return new MerkleHash(Frontier.AsSpan(at, MerkleHash.Size));
    }

    internal IEnumerable<(long First, long Count)> RedeliveredRanges()
    {
        for (var at = 0; at < Redelivered.Length; at += 16)
            yield return (BinaryPrimitives.ReadInt64BigEndian(Redelivered.AsSpan(at)), BinaryPrimitives.ReadInt64BigEndian(Redelivered.AsSpan(at + 8)));
    }

    internal static byte[] Join(IReadOnlyList<MerkleHash> hashes)
    {
        var bytes = new byte[hashes.Count * MerkleHash.Size];
        for (var i = 0; i < hashes.Count; i++)
            hashes[i].CopyTo(bytes.AsSpan(i * MerkleHash.Size));
        return bytes;
    }

    internal static byte[] Join(IReadOnlyList<(long First, long Count)> ranges)
    {
        var bytes = new byte[ranges.Count * 16];
        for (var i = 0; i < ranges.Count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * 16), ranges[i].First);
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan((i * 16) + 8), ranges[i].Count);
        }

        return bytes;
    }

    /// <summary>Binds the sequence numbers of the event rows, in their order, and the redelivered ranges.</summary>
    internal static MerkleHash DigestOf(IReadOnlyList<long> sequences, byte[] redelivered)
    {
        var bytes = new byte[(sequences.Count * 8) + redelivered.Length];
        for (var i = 0; i < sequences.Count; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * 8), sequences[i]);
        redelivered.CopyTo(bytes, sequences.Count * 8);
        return MerkleHash.Of(bytes);
    }
}
