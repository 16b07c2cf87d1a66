using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>Gathers counts, findings and notes of one run, lists bounded.</summary>
internal sealed class VerificationTally(VerificationOptions options)
{
    private readonly List<VerificationFinding> _findings = [];
    private readonly List<VerificationNote> _notes = [];
    private readonly HashSet<AuditId> _open = [];
    private readonly HashSet<AuditId> _ended = [];
    private VerificationCode _code;
    private long _findingCount;
    private long _noteCount;
    private long _rows;

    internal VerificationOptions Options => options;

    internal List<VerifiedLog> Logs { get; } = [];

    internal long Events { get; set; }

    internal long Decisions { get; set; }

    internal long Outcomes { get; set; }

    internal long Sources { get; set; }

    internal long Gaps { get; set; }

    internal long Opaque { get; set; }

    internal long Conflicts { get; set; }

    internal long Redelivered { get; set; }

    /// <summary>Counts an event, and remembers a decision until its outcome comes.</summary>
    internal void Count(LogName log, LeafFacts leaf, in EventEnvelope e)
    {
        Events++;
        if (leaf.Problem is { } problem)
            Note("unreadable", log, leaf.Index, $"Its fields cannot be read: {problem}.");
        if (e.Kind == "decision")
        {
            Decisions++;
            if (leaf.Allows)
                Decided(e.Id);
        }
        else if (e.Kind == "outcome")
        {
            Outcomes++;
            if (e.Correlation is { } decision)
                Ended(decision);
        }
    }

    internal void Find(VerificationCode code, LogName log, string? rowKey, string message) => Find(code, log.ToString(), rowKey, message);

    internal void Find(VerificationCode code, string log, string? rowKey, string message)
    {
        _findingCount++;
        // The first finding is the cause of those that follow from it; but what cannot be read is told before all.
        if (_code == VerificationCode.Sound || code == VerificationCode.CannotRead)
            _code = code;
        if (_findings.Count < options.MaxListed)
            _findings.Add(new VerificationFinding(code, log, rowKey, message));
    }

    internal VerificationCode Code => _code;

    internal void Note(string kind, LogName log, long index, string message) => Note(kind, log.ToString(), index, message);

    internal void Note(string kind, string log, long index, string message)
    {
        _noteCount++;
        if (_notes.Count < options.MaxListed)
            _notes.Add(new VerificationNote(kind, log, index, message));
    }

    /// <summary>Decision and outcome may stand in different logs, in either order.</summary>
    internal void Decided(AuditId id)
    {
        if (!_ended.Remove(id))
            _open.Add(id);
    }

    internal void Ended(AuditId decision)
    {
        if (!_open.Remove(decision))
            _ended.Add(decision);
    }

    internal void CountRow()
    {
        if (++_rows % 10_000 == 0)
            options.Progress?.Report(_rows);
    }

    internal VerificationReport ToReport() => new()
    {
        Code = _code,
        Findings = _findings,
        FindingCount = _findingCount,
        Notes = _notes,
        NoteCount = _noteCount,
        OpenDecisions = [.. _open.Order(Comparer<AuditId>.Create(static (a, b) => a.Value.CompareTo(b.Value))).Take(options.MaxListed)],
        OpenDecisionCount = _open.Count,
        Logs = Logs,
        Events = Events,
        Decisions = Decisions,
        Outcomes = Outcomes,
        Sources = Sources,
        Gaps = Gaps,
        Opaque = Opaque,
        Conflicts = Conflicts,
        Redelivered = Redelivered,
        Limit = VerificationReport.WithoutCheckpoint,
    };
}
