using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Ledger;

/// <summary>Gathers the rows of one commit and moves the state along with them.</summary>
/// <param name="state">The log before the commit; what is added moves it.</param>
/// <param name="single">Whether the commit takes the leaves of one record only: see <see cref="RowByRow"/>.</param>
internal sealed class CommitBuilder(LogState state, bool single = false)
{
    internal const int MaxEvents = 99;

    /// <summary>Table storage takes 4 MiB on the wire; we stop below.</summary>
    internal const int MaxBytes = 3_670_016;

    /// <summary>A record adds at most a gap, a flag and itself.</summary>
    internal const int LeavesOfOneRecord = 3;

    private const int CommitRowBytes = 48 * 1024;
    private const int RowOverhead = 1024;

    private readonly string _partitionKey = state.Name.ToString();
    private readonly long _sizeBefore = state.Tree.Size;
    private readonly List<LedgerRow> _rows = [];
    private readonly List<long> _sequences = [];
    private int _bytes = CommitRowBytes;

    internal LogName Log => state.Name;

    internal long SizeBefore => _sizeBefore;

    internal bool IsEmpty => _rows.Count == 0;

    internal int Events => _rows.Count;

    internal bool IsSingle => single;

    internal bool HasRoomFor(StreamRecord record) =>
        IsEmpty || (!single && _rows.Count + LeavesOfOneRecord <= MaxEvents
            && _bytes + OnTheWire(Math.Min(record.Body.Length, LedgerColumns.MaxSplitBytes)) + (2 * RowOverhead) <= MaxBytes);

    internal void AddLeaf(WriterLeaf leaf, long sequence)
    {
        var body = leaf.ToBytes();
        AddLeaf(body, MerkleHash.OfLeaf(body), sequence);
    }

    /// <returns>The leaf's index.</returns>
    internal long AddLeaf(ReadOnlySpan<byte> body, MerkleHash hash, long sequence)
    {
        var index = state.Tree.Size;
        _rows.Add(EventRow.ToRow(_partitionKey, index, sequence, body));
        _sequences.Add(sequence);
        _bytes += OnTheWire(body.Length);
        state.Tree.Append(hash);
        return index;
    }

    /// <summary>The rows of the transaction, the commit row last. The state is then the one after it.</summary>
    internal List<LedgerRow> Seal()
    {
        var redelivered = CommitRow.Join(state.Redelivered);
        var sources = state.Sources.List(state.NextCommit, out var since);
        var commit = new CommitRow
        {
            Commit = state.NextCommit,
            Size = state.Tree.Size,
            Root = state.Tree.Root(),
            Frontier = CommitRow.Join(state.Tree.Frontier),
            FirstSequence = state.Committed,
            LastSequence = state.NextSequence - 1,
            SequenceDigest = CommitRow.DigestOf(_sequences, redelivered),
            Redelivered = redelivered,
            Clock = state.Sources.Clock,
            Broken = state.Sources.Broken,
            Since = since,
            Sources = sources,
        };
        _rows.Add(commit.ToRow(_partitionKey));
        state.NextCommit++;
        state.Committed = state.NextSequence;
        state.Redelivered.Clear();
        return _rows;
    }

    /// <summary>Bodies travel as base64.</summary>
    private static int OnTheWire(int body) => ((body + 2) / 3 * 4) + RowOverhead;
}
