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
        if (isDecisive && pattern is PatternNode.Sequence sequence && sequence.Parts[^1] is PatternNode.Repeat { Max: null } tail)
            return sequence.Parts.SkipLast(1).Sum(Longest) + (tail.Min * Longest(tail.Part));
        return Longest(pattern);
    }

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
