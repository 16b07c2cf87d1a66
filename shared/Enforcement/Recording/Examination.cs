using Proofgate.Cedar;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Recording;

/// <summary>Steps 7 and 8 of a call's path: what is in it, what policy says to that, and what becomes of what may not go or be seen as it is.</summary>
internal static class Examination
{
    /// <summary>What a caller may see of a kind, the most first.</summary>
    private static readonly (EntityUid Action, RedactionWay Way)[] Sights =
    [
        (Vocabulary.Reveal, RedactionWay.Reveal), (Vocabulary.RevealPartial, RedactionWay.Partial), (Vocabulary.RevealPseudonym, RedactionWay.Pseudonym),
    ];

    internal static EntityUid ActionOf(RedactionWay way) => Array.Find(Sights, s => s.Way == way).Action;

    internal static Inspected Inspect<TCall>(AuthorizedCall<TCall> authorized, CallFacts facts, Preparation preparation)
        where TCall : Call
    {
        var found = new KindCounts();
        authorized.Call.InspectPrompt(RuleSet.Default, found);
        foreach (var kind in (preparation.Names?.Kinds ?? Enumerable.Empty<Kind>()).Where(k => found[k] == 0))
        {
            found.Add(kind);
        }

        return new Inspected(
            facts with { Label = Math.Max(Math.Max(facts.Label, authorized.Call.AnswerLabel), preparation.Grounding?.Label ?? 0), Kinds = [.. found.Select(static k => k.Key)] }, found, preparation.Recognition?.Plan);
    }

    internal static Judgement Judge<TCall>(AuthorizedCall<TCall> authorized, Inspected inspected)
        where TCall : Call
    {
        var (call, inquiry) = (authorized.Call, authorized.Inquiry);
        var (asked, readable) = WithColumns(authorized, inspected.Facts);

        // What may not go at the label that all of it would give the call, does not go as it is. The call is decided at the label of what does.
        var highest = Raised(call, asked, asked.Kinds);
        var answers = asked.Kinds.ToDictionary(static k => k, k => inquiry.Ask(Vocabulary.Disclose, k, call.Resource, highest));
        var facts = Raised(call, asked, asked.Kinds.Where(k => answers[k].Allowed));
        var judgement = new Judgement(authorized.Origin, inquiry, facts, inquiry.Decide(call.Action, call.Resource, facts)) { Found = inspected.Found };
        if (!judgement.Decision.Allowed)
        {
            return judgement;
        }

        foreach (var tool in call.Tools)
        {
            judgement.AskedAbout(Vocabulary.UseTool, tool, inquiry.Decide(Vocabulary.UseTool, tool, facts));
        }

        foreach (var kind in facts.Kinds)
        {
            var answer = facts.Label == highest.Label ? answers[kind] : inquiry.Ask(Vocabulary.Disclose, kind, call.Resource, facts);
            judgement.AskedToDisclose(kind, answer, goes: answers[kind].Allowed);
        }

        foreach (var column in call.Columns)
        {
            judgement.AskedAboutColumn(column, inquiry.Decide(Vocabulary.ReadColumn, column, facts), readable.Contains(column.Uid));
        }

        if (call.ReadsRows)
        {
            judgement.AskedAboutRows(call.Resource, inquiry.Rows(call.Resource, facts));
        }

        foreach (var kind in call.AnswerKinds)
        {
            AskWhatIsSeen(judgement, kind, call.Resource);
        }

        foreach (var kind in call.HasAnswer ? inspected.MoreKinds : [])
        {
            judgement.Asked(Vocabulary.Reveal, kind.Name, inquiry.Ask(Vocabulary.Reveal, kind.Name, call.Resource, facts));
        }

        return judgement;
    }

    /// <summary>
    /// Keeps from the answer what the model is given by a source and the caller may not see: what the source names, and what the passages hold of kinds that go
    /// to the model as they are and of which the caller sees nothing. A rule that needs words beside a value would not find it where the answer says it without them.
    /// </summary>
    internal static bool Withhold(Judgement judgement)
    {
        if (judgement.Grounding is not { } grounding)
        {
            return true;
        }

        var withheld = new HashSet<string>(grounding.Withheld, StringComparer.Ordinal);
        var hidden = judgement.Facts.Kinds.Except(judgement.Undisclosed).Select(static k => new Kind(k))
            .Where(k => !judgement.Ways.ContainsKey(k)).ToHashSet();
        foreach (var passage in grounding.Passages)
        {
            Inspector.Collect(RuleSet.Default, hidden, passage.Text, withheld);
            if (JsonTextFilter.MeaningOf(passage.Text) is { } meant)
            {
                Inspector.Collect(RuleSet.Default, hidden, meant, withheld);
            }
        }

        withheld.UnionWith(grounding.Values.Where(v => hidden.Contains(v.Kind)).Select(static v => v.Value));

        judgement.Placeholders?.Withhold(withheld);
        if (!ExactValues.TryCreate(withheld, out var values))
        {
            return false;
        }

        judgement.Withheld = values;
        return true;
    }

    internal static CallFacts Raised(Call call, CallFacts facts, IEnumerable<string> kinds) => facts with
    {
        Label = kinds.Aggregate(facts.Label, (label, kind) => call.Bundle.KindLabels.TryGetValue(kind, out var raised) ? Math.Max(label, raised) : label),
    };

    /// <summary>Replaces what may not go as it is, and asks where it may come back. False if something of it cannot be replaced.</summary>
    internal static bool Protect<TCall>(AuthorizedCall<TCall> authorized, Judgement judgement, NamedValues? names)
        where TCall : Call
    {
        if (judgement.Undisclosed.Count == 0)
        {
            return true;
        }

        var call = authorized.Call;
        var map = new PlaceholderMap(RuleSet.Default, judgement.Undisclosed.Select(static k => new Kind(k)).ToHashSet(), call.AnswersInText, names);
        if (!call.ProtectPrompt(map))
        {
            judgement.NoPlace = true;
            return false;
        }

        judgement.Placeholders = map;
        foreach (var tool in call.AnswersInText ? call.ClientTools : [])
        {
            var answer = authorized.Inquiry.Decide(Vocabulary.UseTool, tool, judgement.Facts);
            judgement.AskedOfClient(tool, answer);
            foreach (var kind in answer.Allowed ? map.Kinds.Where(k => judgement.Ways.GetValueOrDefault(k) == RedactionWay.Reveal) : [])
            {
                judgement.AskedToGive(kind, tool, authorized.Inquiry.Ask(Vocabulary.Disclose, kind.Name, tool, judgement.Facts));
            }
        }

        return true;
    }

    /// <summary>The columns that the caller may read raise the label. Those that he may not do not: what is asked for in vain must not tell that it is there.</summary>
    private static (CallFacts Facts, HashSet<EntityUid> Readable) WithColumns<TCall>(AuthorizedCall<TCall> authorized, CallFacts facts)
        where TCall : Call
    {
        var readable = new HashSet<EntityUid>();
        var label = facts.Label;
        foreach (var column in authorized.Call.Columns)
        {
            if (authorized.Inquiry.Decide(Vocabulary.ReadColumn, column, facts).Allowed)
            {
                readable.Add(column.Uid);
                label = Math.Max(label, Vocabulary.LabelOf(column));
            }
        }

        return (facts with { Label = label }, readable);
    }

    /// <summary>As it is, else its last digits, else a pseudonym: no more is asked than what the kind has and the answer before left open.</summary>
    private static void AskWhatIsSeen(Judgement judgement, Kind kind, Entity source)
    {
        foreach (var (action, way) in Sights)
        {
            if (!RuleSet.Default.Offers(kind, way))
            {
                continue;
            }

            var answer = judgement.Inquiry.Ask(action, kind.Name, source, judgement.Facts);
            judgement.Asked(action, kind.Name, answer);
            if (answer.Allowed)
            {
                return;
            }
        }
    }
}
