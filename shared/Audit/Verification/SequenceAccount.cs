namespace Proofgate.Audit.Verification;

/// <summary>Checks that leaves and redelivered records together are every sequence number of a commit, once and in order.</summary>
internal sealed class SequenceAccount(long next, IEnumerable<(long First, long Count)> redelivered)
{
    private readonly Queue<(long First, long Count)> _redelivered = new(redelivered);

    internal long Next { get; private set; } = next;

    internal long Redelivered { get; private set; }

    internal bool IsUsedUp => _redelivered.Count == 0;

    internal bool Take(long sequence)
    {
        if (sequence != Next)
            SkipRedelivered();
        if (sequence != Next)
            return false;
        Next++;
        return true;
    }

    internal void SkipRedelivered()
    {
        while (_redelivered.TryPeek(out var range) && range.First == Next && range.Count > 0)
        {
            Next += range.Count;
            Redelivered += range.Count;
            _redelivered.Dequeue();
        }
    }

    internal void Restart(long sequence) => Next = sequence;
}
