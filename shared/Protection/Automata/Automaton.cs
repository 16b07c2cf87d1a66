using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>
/// All rules as one deterministic automaton. The first step of a match depends on the character before it too; then it takes one step
/// per character. State 0 is dead. Kinds are bits, so that a plan is one mask. Immutable.
/// </summary>
internal sealed class Automaton
{
    internal required byte[] ClassOf { get; init; }

    internal required int ClassCount { get; init; }

    /// <summary>Next state by state * <see cref="ClassCount"/> + class.</summary>
    internal required ushort[] Next { get; init; }

    /// <summary>
    /// State after the first character of a match, by class of the character before * <see cref="ClassCount"/> + its own class.
    /// </summary>
    internal required ushort[] First { get; init; }

    internal required StateTraits[] Traits { get; init; }

    /// <summary>Kinds that can still match, by state.</summary>
    internal required ulong[] Alive { get; init; }

    /// <summary>Rules that match here unless the next character or the validator objects, by state.</summary>
    internal required Rule[][] Ends { get; init; }

    /// <summary>Rules that match here, by state.</summary>
    internal required Rule[][] Decided { get; init; }

    /// <summary>Rules of which the sensitive prefix is past, by state.</summary>
    internal required Rule[][] Sensitive { get; init; }

    internal required NeedleScan Needles { get; init; }

    internal int StateCount => Traits.Length;

    /// <summary>What stands for the class of the character before when there is none.</summary>
    internal int BeginningOfText => ClassCount;
}
