namespace Proofgate.Protection.Automata;

/// <summary>The syntax tree of a pattern.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    internal sealed record One(CharSet Set) : PatternNode;

    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    internal sealed record Choice(IReadOnlyList<PatternNode> Branches) : PatternNode;

    /// <param name="Part">What is repeated.</param>
    /// <param name="Min">At least.</param>
    /// <param name="Max">At most; null for no limit.</param>
    internal sealed record Repeat(PatternNode Part, int Min, int? Max) : PatternNode;

    /// <summary>Where the sensitive prefix ends: <c>(?#sensitive)</c>.</summary>
    internal sealed record Mark : PatternNode;
}
