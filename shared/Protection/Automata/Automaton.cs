using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>
/// All rules as deterministic automata, one a <see cref="Rule.Group"/>, in one table. The first step of a match depends on the character
/// before it too; then it takes one step per character. State 0 is dead. Kinds are bits, so that a plan is one mask. Immutable.
/// </summary>
internal sealed class Automaton
{
    /// <summary>Characters after the first that <see cref="Peek"/> knows.</summary>
    internal const int PeekLength = 3;

    internal const ushort Survives = ushort.MaxValue;

    internal required byte[] ClassOf { get; init; }

    internal required int ClassCount { get; init; }

    /// <summary>Next state by state * <see cref="ClassCount"/> + class.</summary>
    internal required ushort[] Next { get; init; }

    /// <summary>
    /// Number in <see cref="Starts"/> of the states after the first character of a match, by class of the character before *
    /// <see cref="ClassCount"/> + its own class. Number 0 is empty.
    /// </summary>
    internal required ushort[] First { get; init; }

    internal required StartSet[] Starts { get; init; }

    /// <summary>
    /// Where the matches of a start set go together, by number * <see cref="ClassCount"/> + class, for <see cref="PeekLength"/> characters: 0 if
    /// all are dead, <see cref="Survives"/> if one matters already or lives longer. Most words are known not to begin anything before a
    /// match is made of them.
    /// </summary>
    internal required ushort[] Peek { get; init; }

    /// <summary>By class: 1 where the rule with a lead can begin.</summary>
    internal required ulong[] LeadFirst { get; init; }

    /// <summary>By class: all bits where its lead goes on, none where it ends.</summary>
    internal required ulong[] LeadRest { get; init; }

    /// <summary>Kind of the rule with a lead, as a bit; 0 if there is none.</summary>
    internal required ulong LeadKind { get; init; }

    internal required StateTraits[] Traits { get; init; }

    /// <summary>Kinds that can still match, by state.</summary>
    internal required ulong[] Alive { get; init; }

    /// <summary>Rules that match here unless the next character or the validator objects, by state.</summary>
    internal required Rule[][] Ends { get; init; }

    /// <summary>Rules that match here, by state.</summary>
    internal required Rule[][] Decided { get; init; }

    /// <summary>Rules of which the sensitive prefix is past, by state.</summary>
    internal required Rule[][] Sensitive { get; init; }

    /// <summary>Rules that can still match and count the characters of a beginning, by state.</summary>
    internal required Rule[][] Counted { get; init; }

    internal required NeedleScan Needles { get; init; }

    internal int StateCount => Traits.Length;

    /// <summary>What stands for the class of the character before when there is none.</summary>
    internal int BeginningOfText => ClassCount;
}
