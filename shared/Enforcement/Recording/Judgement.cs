using System.Collections.ObjectModel;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Recording;

/// <summary>A decision, what it was made on, and the further questions with their answers.</summary>
internal sealed class Judgement(Inquiry inquiry, CallFacts facts, Decision decision)
{
    private readonly List<QuestionRecord> _questions = [];
    private readonly Dictionary<Kind, RedactionWay> _ways = [];
    private List<string>? _undisclosed;
    private List<string>? _refusedTools;
    private List<Entity>? _entries;

    internal Inquiry Inquiry => inquiry;

    internal CallFacts Facts => facts;

    internal Decision Decision => decision;

    internal KindCounts? Found { get; init; }

    /// <summary>Kinds in the prompt that may not go to the model as they are.</summary>
    internal IReadOnlyList<string>? Undisclosed => _undisclosed;

    /// <summary>Tools of the provider that may not be used.</summary>
    internal IReadOnlyList<string>? RefusedTools => _refusedTools;

    /// <summary>Columns that may be read. The others are no reason to refuse: the room that was asked for them tells them from unknown ones to nobody.</summary>
    internal HashSet<EntityUid> Columns { get; } = [];

    /// <summary>Rows that may be read; null where none are.</summary>
    internal RowScope? Rows { get; private set; }

    /// <summary>Kinds that the caller may see in the answer, or see something of.</summary>
    internal IReadOnlyDictionary<Kind, RedactionWay> Ways => _ways;

    /// <summary>A listing always happens; each of its entries has a decision of its own.</summary>
    internal bool IsListing { get; init; }

    /// <summary>Entries of a listing that were asked about.</summary>
    internal IReadOnlyList<Entity>? Entries => _entries;

    internal void AskedAbout(EntityUid action, Entity entry, Decision answer)
    {
        (_entries ??= []).Add(entry);
        Asked(action, entry.Uid.Id, answer);
    }

    internal void AskedAboutColumn(Entity column, Decision answer, bool isReadable)
    {
        AskedAbout(Vocabulary.ReadColumn, column, answer);
        if (answer.Allowed && isReadable)
        {
            Columns.Add(column.Uid);
        }
    }

    internal void AskedAboutRows(Entity dataset, RowScope rows)
    {
        Rows = rows;
        _questions.Add(new QuestionRecord(Vocabulary.ReadRow.Id, dataset.Uid.Id, rows.Decided != false, rows.Policies));
    }

    internal void Asked(EntityUid action, string kind, Decision answer)
    {
        _questions.Add(new QuestionRecord(action.Id, kind, answer.Allowed, answer.Policies));
        if (ReportOf($"{action.Id}/{kind}", answer) is { } report)
        {
            _questions.Add(report);
        }

        if (WayOf(action) is { } way)
        {
            if (answer.Allowed)
            {
                _ways.Add(new Kind(kind), way);
            }
        }
        else if (action == Vocabulary.Disclose && !answer.Allowed)
        {
            (_undisclosed ??= []).Add(kind);
        }
        else if (action == Vocabulary.UseTool && !answer.Allowed && !IsListing)
        {
            (_refusedTools ??= []).Add(kind);
        }
    }

    /// <summary>What report-only policies would have made of an answer stands beside it, as an answer to the question <c>report</c>.</summary>
    private static QuestionRecord? ReportOf(string about, Decision answer) =>
        answer.Report is { } report ? new QuestionRecord("report", about, report.Allowed, report.Policies) : null;

    /// <summary>Pseudonyms in free text are of this call alone: nothing ties two answers together.</summary>
    internal RedactionPlan Redaction(RuleSet rules) => new(rules, _ways, _ways.ContainsValue(RedactionWay.Pseudonym) ? PseudonymKey.ForCall() : null);

    internal Sight Sight(RuleSet rules) => new(Redaction(rules), Columns, Rows);

    private static RedactionWay? WayOf(EntityUid action) =>
        action == Vocabulary.Reveal ? RedactionWay.Reveal
        : action == Vocabulary.RevealPartial ? RedactionWay.Partial
        : action == Vocabulary.RevealPseudonym ? RedactionWay.Pseudonym : null;

    internal DecisionRecord ToRecord(EntityUid action, Entity resource) => new()
    {
        Allowed = decision.Allowed && _undisclosed is null && _refusedTools is null,
        Action = action.Id,
        Resource = resource.Uid.ToString(),
        PolicyDigest = decision.PolicyDigest,
        Policies = decision.Policies,
        Errors = decision.Errors,
        Questions = ReportOf(action.Id, decision) is { } report ? [report, .. _questions] : _questions,
        Label = facts.Label,
        Kinds = Found?.ToDictionary() ?? ReadOnlyDictionary<string, long>.Empty,
        Opaque = facts.Opaque,
        Datasets = Rows is null ? [] : [resource.Uid.Id],
        Residuals = Rows is null ? ReadOnlyDictionary<string, string>.Empty : new Dictionary<string, string> { [resource.Uid.Id] = Rows.Digest },
    };
}
