using Proofgate.Protection.Automata;
using Proofgate.Protection.Validators;

namespace Proofgate.Protection.Rules;

/// <summary>One rule of the file, read.</summary>
internal sealed class Rule
{
    /// <summary>Longest match, zero-width characters apart, that a validator is asked about.</summary>
    internal const int MaxValidatedLength = 256;

    /// <summary>Position in the file: of two rules that fit equally, the earlier names the match.</summary>
    internal required int Index { get; init; }

    internal required string Id { get; init; }

    internal required Kind Kind { get; init; }

    /// <summary>Position of <see cref="Kind"/> in <see cref="RuleSet.Kinds"/>.</summary>
    internal required int KindIndex { get; init; }

    internal ulong KindBit => 1UL << KindIndex;

    internal required PatternNode Pattern { get; init; }

    /// <summary>The match runs on to the first of these, or to the end of the text.</summary>
    internal PatternNode? Until { get; init; }

    /// <summary>Characters that must not stand before a match.</summary>
    internal required CharSet Before { get; init; }

    /// <summary>Characters that must not stand after a match; null if anything may.</summary>
    internal CharSet? After { get; init; }

    internal Validator? Validator { get; init; }

    internal required CharSet Needle { get; init; }

    /// <summary>True if nothing that follows can undo a match: it is redacted at once and for as long as it runs.</summary>
    internal bool IsDecisive => After is null && Validator is null;

    /// <summary><see cref="After"/> by character class; set when the automaton is built.</summary>
    internal bool[]? AfterClasses { get; set; }
}
