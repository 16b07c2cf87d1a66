using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>Applies the rules of the log to leaves whose bytes are known to be those that were committed.</summary>
internal sealed class LeafRules(LogName name, VerifiedLog? before, VerificationTally tally)
{
    private readonly HashSet<SourceId> _seen = [];
    private WriterLeaf? _flag;
    private long _flagSequence;

    internal SourceTable Sources { get; private set; } = new(LedgerWriter.SourceExpiry);

    /// <summary>First sequence number that no commit accounts for so far.</summary>
    internal long Committed { get; private set; }

    internal bool Closed { get; private set; }

    internal void Apply(List<LeafFacts> leaves, CommitRow commit, string key)
    {
        if (leaves[0].Index > 0 && commit.FirstSequence != Committed)
            Find(VerificationCode.BytesChanged, key, "The commit row was changed: its first sequence number does not continue the commit before.");
        var account = new SequenceAccount(Committed, commit.RedeliveredRanges());
        foreach (var leaf in leaves)
            Apply(leaf, commit, key, account);
        if (_flag is not null)
            Find(VerificationCode.Missing, key, "The commit ends between a flag and the leaf that it flags.");
        _flag = null;
        account.SkipRedelivered();
        if (!account.IsUsedUp || account.Next != commit.LastSequence + 1)
            Find(VerificationCode.BytesChanged, key, "The commit row was changed: its last sequence number or its redelivered ones do not agree with its leaves.");
        tally.Redelivered += account.Redelivered;
        Committed = commit.LastSequence + 1;
    }

    /// <summary>Takes over what a commit row says. What its leaves say of decisions still counts.</summary>
    internal void Resync(CommitRow commit, List<LeafFacts> leaves)
    {
        foreach (var leaf in leaves)
            Count(leaf);
        Closed = commit.LastSequence < commit.FirstSequence && leaves.Count > 0 && leaves[^1].Written is WriterLeaf.Closed;
        _flag = null;
        Committed = commit.LastSequence + 1;
        Sources.TakeOver(commit.Commit, commit.Sources);
        Sources.Clock = commit.Clock;
        Sources.Broken = commit.Broken;
    }

    private void Apply(LeafFacts leaf, CommitRow commit, string key, SequenceAccount account)
    {
        if (Closed)
            Find(VerificationCode.ReorderedOrDuplicated, LedgerKeys.Event(leaf.Index), "A leaf after the one that closes the epoch.");
        if (_flag is { } flag)
        {
            _flag = null;
            Flagged(leaf, flag, account);
        }
        else if (leaf.Written is { } written)
        {
            Written(leaf, written, commit, account);
        }
        else
        {
            if (!account.Take(leaf.Sequence))
                Unaccounted(leaf, account);
            Event(leaf);
        }
    }

    private void Written(LeafFacts leaf, WriterLeaf written, CommitRow commit, SequenceAccount account)
    {
        var row = LedgerKeys.Event(leaf.Index);
        switch (written)
        {
            case WriterLeaf.Epoch epoch:
                Opening(leaf, epoch, commit);
                account.Restart(epoch.From);
                return;
            case WriterLeaf.Closed:
                Closed = true;
                if (leaf.Sequence != account.Next - 1)
                    Find(VerificationCode.BytesChanged, row, "The closing leaf has another sequence number than the last.");
                return;
            case WriterLeaf.Gap gap:
                account.SkipRedelivered();
                if (gap.First != account.Next || gap.Last < gap.First || leaf.Sequence != gap.Last)
                    Find(VerificationCode.HoleWithoutGap, row, "A gap leaf does not name the sequence numbers that are missing before it.");
                account.Restart(gap.Last + 1);
                Sources.Broken = leaf.Index;
                tally.Gaps++;
                tally.Note("gap", name, leaf.Index, $"Sequence numbers {gap.First} to {gap.Last} were gone from the stream.");
                return;
            case WriterLeaf.Unstored unstored:
                if (!account.Take(leaf.Sequence))
                    Unaccounted(leaf, account);
                tally.Opaque++;
                tally.Note("opaque", name, leaf.Index, $"A record of {unstored.Bytes} bytes that no row can hold.");
                return;
            default:
                (_flag, _flagSequence) = (written, leaf.Sequence);
                return;
        }
    }

    private void Opening(LeafFacts leaf, WriterLeaf.Epoch epoch, CommitRow commit)
    {
        var row = LedgerKeys.Event(leaf.Index);
        if (leaf.Index != 0)
            Find(VerificationCode.ReorderedOrDuplicated, row, "An epoch's opening leaf that is not its first.");
        if (epoch.Log != name)
            Find(VerificationCode.ReorderedOrDuplicated, row, $"The log says that it is {epoch.Log}: its rows were moved or copied.");
        if (before is null ? epoch.PreviousSize is not null && name.Epoch == 0 : epoch.PreviousSize != before.Size || epoch.PreviousRoot != before.Root)
            Find(VerificationCode.BytesChanged, row, "The opening leaf does not name the size and root with which the epoch before ended.");
        if (leaf.Sequence != epoch.From - 1 || commit.FirstSequence != epoch.From)
            Find(VerificationCode.BytesChanged, row, "The opening leaf's sequence number does not agree with where its epoch begins.");
        Sources = new SourceTable(TimeSpan.FromSeconds(epoch.ExpireAfterSeconds)) { Expired = Expire };
        if (epoch.PreviousSize is not null)
            Sources.Broken = 0;
    }

    private void Flagged(LeafFacts leaf, WriterLeaf flag, SequenceAccount account)
    {
        var row = LedgerKeys.Event(leaf.Index);
        if (!account.Take(leaf.Sequence) || leaf.Sequence != _flagSequence)
            Find(VerificationCode.HoleWithoutGap, row, "A flagged leaf does not continue the sequence numbers.");
        if (flag is WriterLeaf.Opaque opaque)
        {
            if (leaf.Envelope is not null || opaque.Bytes != leaf.Bytes)
                Find(VerificationCode.BytesChanged, row, "A leaf is flagged opaque and is not.");
            tally.Opaque++;
            tally.Note("opaque", name, leaf.Index, $"A record of {leaf.Bytes} bytes that is no event.");
        }
        else if (flag is WriterLeaf.Conflict conflict)
        {
            var holds = leaf.Envelope is { } e && e.Source == conflict.Source && e.Number == conflict.Number
                && (Sources.Find(e.Source)?.Number ?? 0) == conflict.Highest
                && Sources.Judge(e, leaf.Hash) is SourceVerdict.Conflict or SourceVerdict.Older;
            if (!holds)
                Find(VerificationCode.BytesChanged, row, "A leaf is flagged as a conflict and is none, or the flag names another.");
            tally.Conflicts++;
            tally.Note("conflict", name, leaf.Index, $"Source {conflict.Source} has published another event {conflict.Number}; its highest was {conflict.Highest}.");
        }
    }

    private void Event(LeafFacts leaf)
    {
        var row = LedgerKeys.Event(leaf.Index);
        Count(leaf);
        if (leaf.Envelope is not { } e)
        {
            Find(VerificationCode.BytesChanged, row, "A leaf that is no event and is not flagged.");
            return;
        }

        var highest = Sources.Find(e.Source)?.Number ?? 0;
        switch (Sources.Judge(e, leaf.Hash))
        {
            case SourceVerdict.Resume:
                tally.Note("resumed", name, leaf.Index, $"Source {e.Source} goes on at {e.Number} after {highest}; the numbers between are in no leaf of this log.");
                break;
            case SourceVerdict.Redelivery or SourceVerdict.Older:
                Find(VerificationCode.ReorderedOrDuplicated, row, $"Source {e.Source} has its event {e.Number} again, or late.");
                return;
            case SourceVerdict.Conflict when e.Number != highest + 1:
                Find(VerificationCode.HoleWithoutGap, row, $"Source {e.Source} jumps from {highest} to {e.Number}, and no gap leaf explains it.");
                break;
            case SourceVerdict.Conflict:
                Find(VerificationCode.BytesChanged, row, $"Event {e.Number} of source {e.Source} does not name the hash of the one before.");
                break;
        }

        if (_seen.Add(e.Source))
            tally.Sources++;
        Sources.Appended(e, leaf.Hash, leaf.Index).Closed = leaf.Closes;
    }

    private void Count(LeafFacts leaf)
    {
        if (leaf.Envelope is { } envelope)
            tally.Count(name, leaf, envelope);
    }

    private void Unaccounted(LeafFacts leaf, SequenceAccount account)
    {
        var code = leaf.Sequence > account.Next ? VerificationCode.HoleWithoutGap : VerificationCode.ReorderedOrDuplicated;
        Find(code, LedgerKeys.Event(leaf.Index), $"Sequence number {leaf.Sequence} stands where {account.Next} should, and no gap leaf explains it.");
        account.Restart(leaf.Sequence + 1);
    }

    private void Expire(SourceEntry entry)
    {
        _seen.Remove(entry.Source);
        if (!entry.Closed)
            tally.Note("tail unproven", name, entry.Index, $"Source {entry.Source} fell silent after {entry.Number} without a closing event.");
    }

    private void Find(VerificationCode code, string row, string message) => tally.Find(code, name, row, message);
}
