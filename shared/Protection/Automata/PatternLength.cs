namespace Proofgate.Protection.Automata;

/// <summary>How much text a pattern can hold back.</summary>
internal static class PatternLength
{
    /// <summary>
    /// Longest match, in characters. A decisive rule may end in a repeat without limit: by then the match is certain and nothing is
    /// held for it.
    /// </summary>
    /// <exception cref="FormatException">The pattern has no longest match.</exception>
    internal static int Longest(PatternNode pattern, bool isDecisive)
    {
        if (!isDecisive || pattern is not PatternNode.Sequence sequence)
            return Longest(pattern);
        var kept = sequence.Parts.Count;
        while (kept > 0 && sequence.Parts[kept - 1] is PatternNode.Repeat { Max: null, Min: 0 } more && EndsOpen(more.Part))
            kept--;
        return sequence.Parts.Take(kept).Sum(Longest);
    }

    /// <summary>True if no repeat without limit stands before the end of what is repeated: between two of its ends little is held.</summary>
    private static bool EndsOpen(PatternNode part)
    {
        var parts = part is PatternNode.Sequence all ? all.Parts : [part];
        return parts[^1] is PatternNode.Repeat { Max: null } ? parts.SkipLast(1).All(IsBounded) : parts.All(IsBounded);
    }

    private static bool IsBounded(PatternNode pattern) => pattern switch
    {
        PatternNode.Sequence all => all.Parts.All(IsBounded),
        PatternNode.Choice choice => choice.Branches.All(IsBounded),
        PatternNode.Repeat repeat => repeat.Max is not null && IsBounded(repeat.Part),
        _ => true,
    };

    private static int Longest(PatternNode pattern) => pattern switch
    {
        PatternNode.One => 1,
        PatternNode.Sequence all => all.Parts.Sum(Longest),
        PatternNode.Choice choice => choice.Branches.Max(Longest),
        PatternNode.Repeat { Max: { } max } repeat => max * Longest(repeat.Part),
        PatternNode.Repeat => throw new FormatException("A repeat without limit may only end the pattern of a decisive rule."),
        _ => 0,
    };
}
