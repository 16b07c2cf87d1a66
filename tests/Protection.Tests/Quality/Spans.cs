using Proofgate.Protection.Matching;

namespace Proofgate.Protection.Tests.Quality;

/// <summary>What plans mask in a text.</summary>
internal static class Spans
{
    /// <summary>What plans of one kind each would mask: findings of a kind that overlap are one.</summary>
    internal static List<(string Kind, int Start, int End)> OfEachKind(string text) => Of(text, (part, kind) => part == kind);

    /// <summary>What a plan of all kinds masks: findings that overlap are one, and have the name of the first.</summary>
    internal static List<(string Kind, int Start, int End)> OfAllKinds(string text) => Of(text, (_, _) => true);

    private static List<(string Kind, int Start, int End)> Of(string text, Func<string, string, bool> mayJoin)
    {
        var matcher = new Matcher();
        matcher.Reset(RuleSet.Default, RuleSet.Default.AllKinds);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, TextEnd.Finished);
        var parts = new List<(string Kind, int Start, int End)>();
        foreach (ref readonly var finding in matcher.Findings.Sorted)
        {
            var (kind, start, end) = (finding.Rule.Kind.Name, (int)finding.Start, (int)finding.End);
            var at = parts.FindLastIndex(part => mayJoin(part.Kind, kind));
            if (at >= 0 && parts[at].End > start)
                parts[at] = parts[at] with { End = Math.Max(parts[at].End, end) };
            else
                parts.Add((kind, start, end));
        }

        return parts;
    }
}
