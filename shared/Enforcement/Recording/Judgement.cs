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
    private readonly HashSet<Kind> _revealed = [];
    private List<string>? _undisclosed;

    internal Inquiry Inquiry => inquiry;

    internal CallFacts Facts => facts;

    internal Decision Decision => decision;

    internal KindCounts? Found { get; init; }

    /// <summary>Kinds in the prompt that may not go to the model as they are.</summary>
    internal IReadOnlyList<string>? Undisclosed => _undisclosed;

    internal void Asked(EntityUid action, string kind, Decision answer)
    {
        _questions.Add(new QuestionRecord(action.Id, kind, answer.Allowed, answer.Policies));
        if (action == Vocabulary.Reveal && answer.Allowed)
        {
            _revealed.Add(new Kind(kind));
        }
        else if (action == Vocabulary.Disclose && !answer.Allowed)
        {
            (_undisclosed ??= []).Add(kind);
        }
    }

    internal RedactionPlan Redaction(RuleSet rules) => new(rules, _revealed);

    internal DecisionRecord ToRecord(EntityUid action, Entity resource) => new()
    {
        Allowed = decision.Allowed && _undisclosed is null,
        Action = action.Id,
        Resource = resource.Uid.ToString(),
        PolicyDigest = decision.PolicyDigest,
        Policies = decision.Policies,
        Errors = decision.Errors,
        Questions = _questions,
        Label = facts.Label,
        Kinds = Found?.ToDictionary() ?? ReadOnlyDictionary<string, long>.Empty,
        Opaque = facts.Opaque,
    };
}
