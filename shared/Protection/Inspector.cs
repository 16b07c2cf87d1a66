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
}
