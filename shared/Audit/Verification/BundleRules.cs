using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>The rules of a log over its leaves alone: counters, previous hashes, flags, gaps. Sequence numbers are the table's and not in the evidence.</summary>
internal sealed class BundleRules(LogName name, VerifiedLog? before, VerificationTally tally)
{
    private readonly HashSet<SourceId> _seen = [];
    private SourceTable _sources = new(LedgerWriter.SourceExpiry);
    private WriterLeaf? _flag;

    internal bool Closed { get; private set; }

    internal void Apply(long index, ReadOnlySpan<byte> body)
    {
        var leaf = LeafFacts.Of(new EventRow(index, 0, body.ToArray()));
        if (Closed)
            Find(VerificationCode.ReorderedOrDuplicated, index, "A leaf after the one that closes the epoch.");
        if (_flag is { } flag)
        {
            _flag = null;
            Flagged(leaf, flag);
        }
        else if (leaf.Written is { } written)
        {
            Written(leaf, written);
        }
        else
        {
            Event(leaf);
        }
    }

    internal void Finish(long size)
    {
        if (_flag is not null)
            tally.Note("tail unproven", name, size - 1, "The copy ends between a flag and the leaf that it flags.");
    }

    private void Written(LeafFacts leaf, WriterLeaf written)
    {
        switch (written)
        {
            case WriterLeaf.Epoch epoch:
                if (leaf.Index != 0 || epoch.Log != name)
                    Find(VerificationCode.ReorderedOrDuplicated, leaf.Index, $"An epoch's opening leaf of {epoch.Log} where {name} should go on.");
                if (before is null ? epoch.PreviousSize is not null && name.Epoch == 0 : epoch.PreviousSize != before.Size || epoch.PreviousRoot != before.Root)
                    Find(VerificationCode.BytesChanged, leaf.Index, "The opening leaf does not name the size and root with which the epoch before ended.");
                _sources = new SourceTable(TimeSpan.FromSeconds(epoch.ExpireAfterSeconds)) { Expired = Expire };
                if (epoch.PreviousSize is not null)
                    _sources.Broken = 0;
                return;
            case WriterLeaf.Closed:
                Closed = true;
                return;
            case WriterLeaf.Gap gap:
                _sources.Broken = leaf.Index;
                tally.Gaps++;
                tally.Note("gap", name, leaf.Index, $"Sequence numbers {gap.First} to {gap.Last} were gone from the stream.");
                return;
            case WriterLeaf.Unstored unstored:
                tally.Opaque++;
                tally.Note("opaque", name, leaf.Index, $"A record of {unstored.Bytes} bytes that no row can hold.");
                return;
            default:
                _flag = written;
                return;
        }
    }

    private void Flagged(LeafFacts leaf, WriterLeaf flag)
    {
        if (flag is WriterLeaf.Opaque opaque)
        {
            if (leaf.Envelope is not null || opaque.Bytes != leaf.Bytes)
                Find(VerificationCode.BytesChanged, leaf.Index, "A leaf is flagged opaque and is not.");
            tally.Opaque++;
            tally.Note("opaque", name, leaf.Index, $"A record of {leaf.Bytes} bytes that is no event.");
        }
        else if (flag is WriterLeaf.Conflict conflict)
        {
            var holds = leaf.Envelope is { } e && e.Source == conflict.Source && e.Number == conflict.Number
                && (_sources.Find(e.Source)?.Number ?? 0) == conflict.Highest
                && _sources.Judge(e, leaf.Hash) is SourceVerdict.Conflict or SourceVerdict.Older;
            if (!holds)
                Find(VerificationCode.BytesChanged, leaf.Index, "A leaf is flagged as a conflict and is none, or the flag names another.");
            tally.Conflicts++;
            tally.Note("conflict", name, leaf.Index, $"Source {conflict.Source} has published another event {conflict.Number}; its highest was {conflict.Highest}.");
        }
    }

    private void Event(LeafFacts leaf)
    {
        if (leaf.Envelope is not { } e)
        {
            Find(VerificationCode.BytesChanged, leaf.Index, "A leaf that is no event and is not flagged.");
            return;
        }

        tally.Count(name, leaf, e);
        var highest = _sources.Find(e.Source)?.Number ?? 0;
        switch (_sources.Judge(e, leaf.Hash))
        {
            case SourceVerdict.Resume:
                tally.Note("resumed", name, leaf.Index, $"Source {e.Source} goes on at {e.Number} after {highest}; the numbers between are in no leaf of this log.");
                break;
            case SourceVerdict.Redelivery or SourceVerdict.Older:
                Find(VerificationCode.ReorderedOrDuplicated, leaf.Index, $"Source {e.Source} has its event {e.Number} again, or late.");
                return;
            case SourceVerdict.Conflict when e.Number != highest + 1:
                Find(VerificationCode.HoleWithoutGap, leaf.Index, $"Source {e.Source} jumps from {highest} to {e.Number}, and no gap leaf explains it.");
                break;
            case SourceVerdict.Conflict:
                Find(VerificationCode.BytesChanged, leaf.Index, $"Event {e.Number} of source {e.Source} does not name the hash of the one before.");
                break;
        }

        if (_seen.Add(e.Source))
            tally.Sources++;
        _sources.Appended(e, leaf.Hash, leaf.Index).Closed = leaf.Closes;
        // The table's rows list sources commit by commit; here nobody does, so what is forgotten is forgotten now and then.
        if (leaf.Index % 4096 == 0)
            _ = _sources.List(leaf.Index, out _);
    }

    private void Expire(SourceEntry entry)
    {
        _seen.Remove(entry.Source);
        if (!entry.Closed)
            tally.Note("tail unproven", name, entry.Index, $"Source {entry.Source} fell silent after {entry.Number} without a closing event.");
    }

    private void Find(VerificationCode code, long index, string message) => tally.Find(code, name, $"leaf {index}", message);
}
