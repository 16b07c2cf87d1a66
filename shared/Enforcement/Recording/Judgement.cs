using System.Collections.ObjectModel;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Enforcement.Provenance;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Recording;

/// <summary>A decision, what it was made on, and the further questions with their answers.</summary>
internal sealed class Judgement(Origin origin, Inquiry inquiry, CallFacts facts, Decision decision)
{
    private readonly List<QuestionRecord> _questions = [];
    private readonly Dictionary<Kind, RedactionWay> _ways = [];
    private readonly List<string> _undisclosed = [];
    private readonly List<(Entity Tool, HashSet<Kind> Kinds)> _given = [];
    private List<string>? _forbidden;
    private List<string>? _refusedTools;
    private List<Entity>? _entries;

    internal Inquiry Inquiry => inquiry;

    internal CallFacts Facts => facts;

    internal Decision Decision => decision;

    internal KindCounts? Found { get; init; }

    /// <summary>Kinds in the prompt that no policy permits to go to the model as they are: placeholders stand for them.</summary>
    internal IReadOnlyList<string> Undisclosed => _undisclosed;

    /// <summary>Kinds in the prompt that a policy forbids to go, in whatever form.</summary>
    internal IReadOnlyList<string>? Forbidden => _forbidden;

    /// <summary>Whether one of <see cref="Undisclosed"/> stands where no placeholder can.</summary>
    internal bool NoPlace { get; set; }

    /// <summary>What stands for values in the prompt; null where nothing does.</summary>
    internal PlaceholderMap? Placeholders { get; set; }

    /// <summary>What the prompt stands on; null where it stands on nothing.</summary>
    internal Grounding? Grounding { get; set; }

    /// <summary>What the model is given by a source and the caller may not see.</summary>
    internal ExactValues? Withheld { get; set; }

    /// <summary>Tools of the caller that may be used, and the kinds that may come back in their arguments.</summary>
    internal IReadOnlyList<(Entity Tool, HashSet<Kind> Kinds)> Given => _given;

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
        Record(action, kind, answer);
        if (WayOf(action) is { } way)
        {
            if (answer.Allowed)
            {
                _ways.Add(new Kind(kind), way);
            }
        }
        else if (action == Vocabulary.UseTool && !answer.Allowed && !IsListing)
        {
            (_refusedTools ??= []).Add(kind);
        }
    }

    /// <param name="kind">A kind in the prompt.</param>
    /// <param name="answer">At the label at which the call is decided.</param>
    /// <param name="goes">Whether it may go at the label that all that was found would give the call.</param>
    internal void AskedToDisclose(string kind, Decision answer, bool goes)
    {
        Asked(Vocabulary.Disclose, kind, answer);
        if (!answer.Allowed && answer.Policies.Count > 0)
        {
            (_forbidden ??= []).Add(kind);
        }
        else if (!answer.Allowed || !goes)
        {
            _undisclosed.Add(kind);
        }
    }

    /// <summary>What a recogniser may have as it is; of the other kinds it gets nothing.</summary>
    internal void AskedToShow(Kind kind, Decision answer)
    {
        Record(Vocabulary.Disclose, kind.Name, answer);
        if (answer.Allowed)
        {
            _ways.Add(kind, RedactionWay.Reveal);
        }
    }

    /// <summary>A tool of the caller's own that may not be used is not refused: nothing that was kept from the model comes back in its arguments.</summary>
    internal void AskedOfClient(Entity tool, Decision answer)
    {
        (_entries ??= []).Add(tool);
        Record(Vocabulary.UseTool, tool.Uid.Id, answer);
        if (answer.Allowed)
        {
            _given.Add((tool, []));
        }
    }

    /// <summary>Of the tool that was asked about last.</summary>
    internal void AskedToGive(Kind kind, Entity tool, Decision answer)
    {
        Record(Vocabulary.Disclose, QuestionRecord.Given(kind.Name, tool.Uid.Id), answer);
        if (answer.Allowed)
        {
            _given[^1].Kinds.Add(kind);
        }
    }

    private void Record(EntityUid action, string about, Decision answer)
    {
        _questions.Add(new QuestionRecord(action.Id, about, answer.Allowed, answer.Policies));
        if (ReportOf($"{action.Id}/{about}", answer) is { } report)
        {
            _questions.Add(report);
        }
    }

    /// <summary>What report-only policies would have made of an answer stands beside it, as an answer to the question <c>report</c>.</summary>
    private static QuestionRecord? ReportOf(string about, Decision answer) =>
        answer.Report is { } report ? new QuestionRecord("report", about, report.Allowed, report.Policies) : null;

    /// <summary>Pseudonyms in free text are of this call alone: nothing ties two answers together.</summary>
    internal RedactionPlan Redaction(RuleSet rules) => new(rules, _ways, _ways.ContainsValue(RedactionWay.Pseudonym) ? PseudonymKey.ForCall() : null, Withheld)
    {
        Restoration = Placeholders is null ? null : new Restoration(
            Placeholders, Placeholders.Kinds.Where(k => _ways.GetValueOrDefault(k) == RedactionWay.Reveal).ToHashSet(),
            _given.ToDictionary(static g => g.Tool.Uid.Id, static g => (IReadOnlySet<Kind>)g.Kinds, StringComparer.Ordinal)),
    };

    internal Sight Sight(RuleSet rules) => new(Redaction(rules), Columns, Rows);

    private static RedactionWay? WayOf(EntityUid action) =>
        action == Vocabulary.Reveal ? RedactionWay.Reveal
        : action == Vocabulary.RevealPartial ? RedactionWay.Partial
        : action == Vocabulary.RevealPseudonym ? RedactionWay.Pseudonym : null;

    internal DecisionRecord ToRecord(EntityUid action, Entity resource) => new()
    {
        Allowed = decision.Allowed && _forbidden is null && !NoPlace && _refusedTools is null,
        Action = action.Id,
        Resource = resource.Uid.ToString(),
        PolicyDigest = decision.PolicyDigest,
        Policies = decision.Policies,
        Errors = decision.Errors,
        Questions = ReportOf(action.Id, decision) is { } report ? [report, .. _questions] : _questions,
        Label = facts.Label,
        Kinds = Found?.ToDictionary() ?? ReadOnlyDictionary<string, long>.Empty,
        Placeholders = Placeholders?.Replaced.ToDictionary() ?? ReadOnlyDictionary<string, long>.Empty,
        Opaque = facts.Opaque,
        Grounds = [.. (Grounding?.Passages ?? []).Select(static p => p.Decision.ToString())],
        Datasets = DatasetUnion.Of(origin.Call, Grounding, Rows).Names,
        Lineage = origin.Earlier,
        Session = origin.Session?.Digest,
        Residuals = Grounding is { } given
            ? given.Passages.Where(static p => p.Residual is not null).DistinctBy(static p => p.Dataset).ToDictionary(static p => p.Dataset, static p => p.Residual!)
            : Rows is null ? ReadOnlyDictionary<string, string>.Empty : new Dictionary<string, string> { [resource.Uid.Id] = Rows.Digest },
    };
}
