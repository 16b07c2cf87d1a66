using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>Names what happened to the leaves of a commit whose root does not hold.</summary>
internal static class CommitDiagnosis
{
    internal static (VerificationCode Code, string What) Of(
        MerkleTree before, List<LeafFacts> leaves, CommitRow commit, SourceTable sources, bool searchSwaps)
    {
        if (leaves.DistinctBy(static l => l.Hash).Count() < leaves.Count)
            return (VerificationCode.ReorderedOrDuplicated, "one leaf stands there twice");
        var sequences = leaves.ConvertAll(static l => l.Sequence);
        if (CommitRow.DigestOf(sequences, commit.Redelivered) != commit.SequenceDigest)
        {
            var moved = CommitRow.DigestOf([.. sequences.Order()], commit.Redelivered) == commit.SequenceDigest
                || (commit.FirstSequence <= commit.LastSequence && sequences.Exists(s => s < commit.FirstSequence || s > commit.LastSequence));
            return moved
                ? (VerificationCode.ReorderedOrDuplicated, "event rows have changed places")
                : (VerificationCode.BytesChanged, "bodies and sequence numbers were changed");
        }

        return (searchSwaps && IsSwapped(before, leaves, commit)) || IsMoved(leaves, sources)
            ? (VerificationCode.ReorderedOrDuplicated, "bodies have changed places")
            : (VerificationCode.BytesChanged, "bytes were changed");
    }

    /// <summary>Whether the root holds once two leaves are exchanged.</summary>
    private static bool IsSwapped(MerkleTree before, List<LeafFacts> leaves, CommitRow commit)
    {
        if (leaves.Count > CommitBuilder.MaxEvents)
            return false;
        var hashes = leaves.ConvertAll(static l => l.Hash);
        for (var i = 0; i < hashes.Count; i++)
        {
            for (var j = i + 1; j < hashes.Count; j++)
            {
                (hashes[i], hashes[j]) = (hashes[j], hashes[i]);
                var tree = MerkleTree.From(before.Size, before.Frontier);
                foreach (var hash in hashes)
                    tree.Append(hash);
                if (tree.Root() == commit.Root)
                    return true;
                (hashes[i], hashes[j]) = (hashes[j], hashes[i]);
            }
        }

        return false;
    }

    /// <summary>An event whose number and previous hash are both another place's was moved; one changed byte alters only one of them.</summary>
    private static bool IsMoved(List<LeafFacts> leaves, SourceTable sources)
    {
        var moved = false;
        var flagged = false;
        var expected = new Dictionary<SourceId, (long Number, MerkleHash? Hash)>();
        foreach (var leaf in leaves)
        {
            var isFlagged = flagged;
            flagged = !flagged && leaf.Written is WriterLeaf.Opaque or WriterLeaf.Conflict;
            if (isFlagged || leaf.Written is not null)
                continue;
            if (leaf.Envelope is not { } e)
                return false;
            if (!expected.TryGetValue(e.Source, out var last))
            {
                if (sources.Find(e.Source) is { } entry)
                    last = (entry.Number, entry.Hash);
                else if (e.Number != 1)
                    return false;
            }

            moved |= e.Number != last.Number + 1 && e.Previous != last.Hash;
            expected[e.Source] = (last.Number + 1, leaf.Hash);
        }

        return moved;
    }
}
