namespace Proofgate.Audit.Ledger;

/// <summary>All that is needed to append to a log. It is a function of the log's rows.</summary>
internal sealed class LogState
{
    internal required LogName Name { get; init; }

    internal required WriterLeaf.Epoch Opening { get; init; }

    internal required MerkleTree Tree { get; init; }

    internal required SourceTable Sources { get; init; }

    /// <summary>Number of the next commit.</summary>
    internal required long NextCommit { get; set; }

    /// <summary>First sequence number that no commit accounts for.</summary>
    internal required long Committed { get; set; }

    /// <summary>The next sequence number to look at: redelivered records move it before a commit says so.</summary>
    internal required long NextSequence { get; set; }

    /// <summary>Redelivered records since the last commit, as ranges.</summary>
    internal List<(long First, long Count)> Redelivered { get; } = [];

    /// <summary>Set if the log has ended.</summary>
    internal WriterLeaf.Closed? Closed { get; init; }

    internal static LogState New(LogName name, WriterLeaf.Epoch opening) => new()
    {
        Name = name,
        Opening = opening,
        Tree = new MerkleTree(),
        Sources = new SourceTable(TimeSpan.FromSeconds(opening.ExpireAfterSeconds)),
        NextCommit = 0,
        Committed = opening.From,
        NextSequence = opening.From,
    };

    internal void AddRedelivered(long sequence)
    {
        if (Redelivered.Count > 0 && Redelivered[^1] is var (first, count) && first + count == sequence)
            Redelivered[^1] = (first, count + 1);
        else
            Redelivered.Add((sequence, 1));
        NextSequence = sequence + 1;
    }
}
