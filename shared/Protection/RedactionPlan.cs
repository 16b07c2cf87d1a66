namespace Proofgate.Protection;

/// <summary>
/// What a caller may see: a rule set and the kinds that are revealed. Every other kind is masked with its name, <c>[EMAIL_ADDRESS]</c>.
/// Immutable; one plan serves all texts of a call.
/// </summary>
/// <remarks>
/// What is redacted, exactly. Zero-width characters do not exist for the rules. A <i>finding</i> is a part of the text that has a
/// rule's pattern, whose neighbours the rule allows and whose validator agrees, of a kind that is not revealed; at
/// <see cref="TextEnd.CutShort"/> also a part at the end of the text that begins a pattern and is past its sensitive prefix.
/// <list type="number">
/// <item>Every character of every finding is redacted, also where findings overlap: to be inside another match saves nothing.</item>
/// <item>Findings that overlap are one redaction and get one mask; findings that only touch are two.</item>
/// <item>The mask names the leftmost finding; of those that start together a decisive one (a rule that nothing after it can undo)
/// before others, and of decisive ones the first to be decided; of the others the longest; then the rule that comes first in the
/// file.</item>
/// </list>
/// All three follow from the text and its end alone, never from the way it was cut into pieces.
/// </remarks>
public sealed class RedactionPlan
{
    /// <summary>
    /// Masks every kind of <paramref name="rules"/> except <paramref name="revealed"/>. Names that no rule finds are ignored.
    /// </summary>
    public RedactionPlan(RuleSet rules, params IEnumerable<Kind> revealed)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(revealed);
        Rules = rules;
        Revealed = revealed.ToHashSet();
        Masked = rules.Rules.Where(rule => !Revealed.Contains(rule.Kind)).Aggregate(0UL, (all, rule) => all | rule.KindBit);
    }

    public RuleSet Rules { get; }

    public IReadOnlySet<Kind> Revealed { get; }

    /// <summary>The kinds to look for, as bits.</summary>
    internal ulong Masked { get; }
}
