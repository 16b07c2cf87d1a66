using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>Says which kinds a whole text holds, for prompts.</summary>
public static class Inspector
{
    /// <summary>
    /// Adds to <paramref name="found"/> how often each kind occurs in <paramref name="text"/>. Kinds are counted apart: a value inside
    /// another counts too, and each count is the number of masks of a plan that masks that kind alone.
    /// </summary>
    public static void Inspect(RuleSet rules, ReadOnlySpan<char> text, KindCounts found)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(found);
        if (!rules.Automaton.Needles.OccursIn(text))
            return;
        var matcher = Matcher.OfThread;
        matcher.Reset(rules, rules.AllKinds);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, TextEnd.Finished);

        Span<long> coveredTo = stackalloc long[rules.Kinds.Count];
        foreach (ref readonly var finding in matcher.Findings.Sorted)
        {
            ref var covered = ref coveredTo[finding.Rule.KindIndex];
            if (finding.Start >= covered)
                found.Add(finding.Rule.Kind);
            covered = Math.Max(covered, finding.End);
        }
    }

    /// <summary>Adds to <paramref name="values"/> what stands in <paramref name="text"/> of some kinds.</summary>
    public static void Collect(RuleSet rules, IReadOnlySet<Kind> kinds, string text, ICollection<string> values)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(values);
        var plan = new RedactionPlan(rules, rules.Kinds.Where(kind => !kinds.Contains(kind)));
        if (!Redactor.MayMatch(plan, text))
            return;
        var matcher = Matcher.OfThread;
        matcher.Reset(rules, plan.Masked);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, TextEnd.Finished);
        foreach (ref readonly var finding in matcher.Findings.Sorted)
            values.Add(text[(int)finding.Start..(int)finding.End]);
    }
}
