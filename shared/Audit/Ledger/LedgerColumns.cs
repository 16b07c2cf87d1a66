namespace Proofgate.Audit.Ledger;

/// <summary>Names of columns, and values that are split over several of them because one holds at most 64 KiB.</summary>
internal static class LedgerColumns
{
    /// <summary>Event row: stream sequence number. Body in <c>b0</c>, <c>b1</c> ...</summary>
    internal const string Sequence = "seq";
    internal const char Body = 'b';

    internal const string Commit = "commit";
    internal const string Size = "size";
    internal const string Root = "root";
    internal const string Frontier = "frontier";
    internal const string FirstSequence = "firstSeq";
    internal const string LastSequence = "lastSeq";

    /// <summary>SHA-256 over the sequence numbers of the commit's event rows, 8 bytes each, big-endian, and then the value of <see cref="Redelivered"/>.</summary>
    internal const string SequenceDigest = "seqs";

    /// <summary>Ranges (first, count; 8 bytes each, big-endian) of redelivered records, which have no row. Absent if there are none.</summary>
    internal const string Redelivered = "dups";

    /// <summary>The ledger's clock in Unix milliseconds: see <see cref="SourceTable"/>.</summary>
    internal const string Clock = "clock";

    /// <summary>Index of the last leaf after which counters may jump; -1 if there is none.</summary>
    internal const string Broken = "broken";

    /// <summary>The oldest commit that has to be read to know all live sources.</summary>
    internal const string Since = "since";

    /// <summary>Commit row: sources, in <c>s0</c>, <c>s1</c> ...</summary>
    internal const char Sources = 's';

    internal const int ChunkBytes = 64 * 1024;
    internal const int MaxChunks = 15;

    /// <summary>Bytes of the largest body or source list: what fits into one row of at most 1 MiB.</summary>
    internal const int MaxSplitBytes = ChunkBytes * MaxChunks;

    private static readonly string[] BodyNames = Names(Body);
    private static readonly string[] SourceNames = Names(Sources);

    internal static void Split(Dictionary<string, object> columns, char prefix, ReadOnlySpan<byte> bytes)
    {
        var names = prefix == Body ? BodyNames : SourceNames;
        var i = 0;
        do
        {
            var length = Math.Min(ChunkBytes, bytes.Length);
            columns[names[i++]] = bytes[..length].ToArray();
            bytes = bytes[length..];
        }
        while (bytes.Length > 0);
    }

    /// <summary>Joins the pieces; false if one is missing, has another type or another length than splitting gives.</summary>
    internal static bool TryJoin(IReadOnlyDictionary<string, object> columns, char prefix, out byte[] bytes, out int pieces)
    {
        var names = prefix == Body ? BodyNames : SourceNames;
        bytes = [];
        pieces = 0;
        var length = 0;
        while (pieces < MaxChunks && columns.TryGetValue(names[pieces], out var value))
        {
            if (value is not byte[] piece || piece.Length > ChunkBytes || length != pieces * ChunkBytes || (pieces > 0 && piece.Length == 0))
                return false;
            length += piece.Length;
            pieces++;
        }

        if (pieces == 0)
            return false;
        if (pieces == 1)
        {
            bytes = (byte[])columns[names[0]];
            return true;
        }

        bytes = new byte[length];
        for (var i = 0; i < pieces; i++)
            ((byte[])columns[names[i]]).CopyTo(bytes, i * ChunkBytes);
        return true;
    }

    private static string[] Names(char prefix) => [.. Enumerable.Range(0, MaxChunks).Select(i => FormattableString.Invariant($"{prefix}{i}"))];
}
