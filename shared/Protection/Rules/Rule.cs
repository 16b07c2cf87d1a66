using Proofgate.Protection.Automata;
using Proofgate.Protection.Validators;

namespace Proofgate.Protection.Rules;

/// <summary>One rule of the file, read.</summary>
internal sealed class Rule
{
    /// <summary>Longest match, zero-width characters apart, that a validator is asked about.</summary>
    internal const int MaxValidatedLength = 256;

    /// <summary>Longest value, zero-width characters among it, of which part or a pseudonym is shown.</summary>
    internal const int MaxShownLength = 1024;

    /// <summary>Most characters of a <see cref="Lead"/>: the matcher keeps them as the bits of one word.</summary>
    internal const int MaxLead = 64;

    /// <summary>Position in the file: of two rules that fit equally, the earlier names the match.</summary>
    internal required int Index { get; init; }

    internal required string Id { get; init; }

    internal required Kind Kind { get; init; }

    /// <summary>Position of <see cref="Kind"/> in <see cref="RuleSet.Kinds"/>.</summary>
    internal required int KindIndex { get; init; }

    internal ulong KindBit => 1UL << KindIndex;

    /// <summary>Words that must stand before a match and are no part of it.</summary>
    internal PatternNode? Context { get; init; }

    /// <summary>What a match begins with, before its pattern: one character of the first set, then up to 63 of the second.</summary>
    internal (CharSet First, CharSet More)? Lead { get; init; }

    internal required PatternNode Pattern { get; init; }

    /// <summary>The match runs on to the first of these, or to the end of the text.</summary>
    internal PatternNode? Until { get; init; }

    /// <summary>Characters that must not stand before a match, or before the words that it needs.</summary>
    internal required CharSet Before { get; init; }

    /// <summary>Characters that must not stand after a match; null if anything may.</summary>
    internal CharSet? After { get; init; }

    internal Validator? Validator { get; init; }

    /// <summary>From how many letters and digits on a beginning is redacted when the text is cut short; 0 if the pattern marks it.</summary>
    internal int SensitiveFrom { get; init; }

    /// <summary>
    /// Rules of one group are one automaton. Rules with a validator are apart from the others, whose matches in the same state need not
    /// be told apart, and each rule with words before it is by itself.
    /// </summary>
    internal int Group => Lead is not null ? -1 : Context is not null ? 2 + Index : Validator is not null ? 1 : 0;

    internal required CharSet Needle { get; init; }

    /// <summary>True if nothing that follows can undo a match: it is redacted at once and for as long as it runs.</summary>
    internal bool IsDecisive => After is null && Validator is null;

    /// <summary><see cref="After"/> by character class; set when the automaton is built.</summary>
    internal bool[]? AfterClasses { get; set; }
}
