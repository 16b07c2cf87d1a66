namespace Proofgate.Protection.Automata;

/// <summary>One position of a pattern: it waits for a character, branches, or is an end.</summary>
internal sealed class NfaNode
{
    internal required int Rule { get; init; }

    /// <summary>Of the words before the value, which are not part of a match.</summary>
    internal bool Context { get; init; }

    /// <summary>Past the mark of the rule's sensitive prefix.</summary>
    internal bool Sensitive { get; init; }

    /// <summary>Waits for one of these, then goes to <see cref="Next"/>.</summary>
    internal CharSet? On { get; init; }

    internal int Next { get; set; }

    /// <summary>Where it goes without a character.</summary>
    internal List<int> Branches { get; } = [];

    internal bool Accepts { get; init; }

    /// <summary>The rule's end text was read: the match cannot go on, whatever else it was trying.</summary>
    internal bool Stops { get; init; }
}
