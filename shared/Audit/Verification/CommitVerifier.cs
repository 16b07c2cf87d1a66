using System.Numerics;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>
/// Takes event rows in order and checks each commit row against what was computed from them. After a finding it goes on from what the commit
/// row says, so that one fault is one finding.
/// </summary>
internal sealed class CommitVerifier
{
    /// <summary>Where commit rows are missing the leaves of many commits come together; beyond this they are hashed and not kept.</summary>
    private const int MaxKept = 10_000;

    /// <summary>Faulty commits in which exchanged leaves are searched for: it takes up to half a million hashes.</summary>
    private const int MaxSearches = 20;

    private readonly LogName _name;
    private readonly VerificationTally _tally;
    private readonly LeafRules _rules;
    private readonly List<LeafFacts> _leaves = [];
    private MerkleTree _tree = new();

    /// <summary>The tree before the commit that is being read.</summary>
    private MerkleTree _before = new();
    private int _diagnoses;
    private MerkleHash _lastRoot;
    private long _next;
    private long _nextCommit;
    private bool _spoilt;
    private bool _resynced;
    private bool _unreadable;

    internal CommitVerifier(LogName name, VerifiedLog? before, VerificationTally tally)
    {
        _name = name;
        _tally = tally;
        _rules = new LeafRules(name, before, tally);
    }

    /// <summary>A commit row that cannot be read ends no commit; the next one that can takes its leaves too.</summary>
    internal void Unreadable(string rowKey, string problem)
    {
        _tally.Find(VerificationCode.BytesChanged, _name, rowKey, $"The commit row was changed: {problem}.");
        _unreadable = true;
    }

    /// <summary>Event rows before <paramref name="index"/> that have not come are missing.</summary>
    internal void Skip(long index, Queue<CommitRow> commits)
    {
        if (index <= _next)
            return;
        _tally.Find(
            VerificationCode.Missing, _name, LedgerKeys.Event(_next), index - _next == 1 ? "The event row is missing." : $"{index - _next} event rows are missing from here.");
        _spoilt = true;
        _next = index;
        while (commits.TryPeek(out var commit) && commit.Size <= index)
            End(commits.Dequeue());
        // The hole may reach into the commit that follows it.
        _spoilt |= _tree.Size != index;
    }

    internal void Add(long index, EventRow? row, string? problem, Queue<CommitRow> commits)
    {
        _next = index + 1;
        if (row is not { } read)
        {
            _tally.Find(VerificationCode.BytesChanged, _name, LedgerKeys.Event(index), $"The event row was changed: {problem}.");
            _spoilt = true;
        }
        else if (!_spoilt && _leaves.Count < MaxKept)
        {
            var facts = LeafFacts.Of(read);
            _tree.Append(facts.Hash);
            _leaves.Add(facts);
        }
        else
        {
            _spoilt = true;
        }

        if (commits.TryPeek(out var commit) && commit.Size == _next)
            End(commits.Dequeue());
    }

    /// <summary>All event rows before <paramref name="end"/> have been given.</summary>
    internal void EndWindow(long end, Queue<CommitRow> commits) => Skip(end, commits);

    internal VerifiedLog Finish(long size) => new(_name, size, _lastRoot, _rules.Closed);

    private void End(CommitRow commit)
    {
        var key = LedgerKeys.Commit(commit.Size);
        _lastRoot = commit.Root;
        if (_spoilt)
        {
            Resync(commit);
            return;
        }

        var rootHolds = _tree.Root() == commit.Root;
        var frontierHolds = CommitRow.Join(_tree.Frontier).AsSpan().SequenceEqual(commit.Frontier);
        if (!rootHolds && !frontierHolds)
        {
            var (code, what) = CommitDiagnosis.Of(_before, _leaves, commit, _rules.Sources, searchSwaps: _diagnoses++ < MaxSearches);
            _tally.Find(code, _name, key, $"The leaves of commit {commit.Commit} (event rows {_leaves[0].Index} to {_leaves[^1].Index}) do not give its root: {what}.");
            Resync(commit);
            return;
        }

        if (!rootHolds || !frontierHolds)
            Changed(key, rootHolds ? "frontier" : "root");
        var digestHolds = CommitRow.DigestOf(_leaves.ConvertAll(static l => l.Sequence), commit.Redelivered) == commit.SequenceDigest;
        if (commit.Commit != _nextCommit && !(digestHolds && commit.FirstSequence == _rules.Committed))
        {
            if (commit.Commit < _nextCommit)
                _tally.Find(VerificationCode.ReorderedOrDuplicated, _name, key, $"Commit {commit.Commit} comes where commit {_nextCommit} should.");
            else if (!_unreadable)
                _tally.Find(VerificationCode.Missing, _name, key, $"The commit rows {_nextCommit} to {commit.Commit - 1} are missing.");
            Resync(commit);
            return;
        }

        if (commit.Commit != _nextCommit)
            Changed(key, "commit number");
        if (!digestHolds)
        {
            var ordered = CommitRow.DigestOf([.. _leaves.Select(static l => l.Sequence).Order()], commit.Redelivered) == commit.SequenceDigest;
            _tally.Find(
                ordered ? VerificationCode.ReorderedOrDuplicated : VerificationCode.BytesChanged, _name, key,
                $"The sequence numbers of event rows {_leaves[0].Index} to {_leaves[^1].Index} do not give the digest in their commit row.");
            Resync(commit);
            return;
        }

        Account(commit, key);
    }

    private void Account(CommitRow commit, string key)
    {
        _rules.Apply(_leaves, commit, key);
        var listed = _rules.Sources.List(_nextCommit, out var since);
        if (_rules.Sources.Clock != commit.Clock)
            Changed(key, "clock");
        if (_rules.Sources.Broken != commit.Broken)
            Changed(key, "place of the last break");
        if (!_resynced && since != commit.Since)
            Changed(key, "oldest listing");
        if (!_resynced && !listed.AsSpan().SequenceEqual(commit.Sources))
            Changed(key, "list of sources");
        _nextCommit++;
        Begin();
    }

    private void Changed(string key, string what) =>
        _tally.Find(VerificationCode.BytesChanged, _name, key, $"The commit row was changed: its {what} is not what its leaves give.");

    /// <summary>Goes on from what a commit row says, where what came before it could not be computed.</summary>
    private void Resync(CommitRow commit)
    {
        if (commit.Frontier.Length / MerkleHash.Size == BitOperations.PopCount((ulong)commit.Size))
            _tree = MerkleTree.From(commit.Size, commit.FrontierHashes());
        _spoilt = _tree.Size != commit.Size;
        _rules.Resync(commit, _leaves);
        _nextCommit = commit.Commit + 1;
        _resynced = true;
        Begin();
    }

    private void Begin()
    {
        _before = MerkleTree.From(_tree.Size, _tree.Frontier);
        _leaves.Clear();
        _unreadable = false;
    }
}
