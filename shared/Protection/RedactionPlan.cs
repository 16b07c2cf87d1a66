using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>
/// What a caller may see: a rule set, what becomes of each kind (<see cref="RedactionWay"/>; its mask, <c>[EMAIL_ADDRESS]</c>, where nothing
/// else is said), and values to redact. Immutable; one plan serves all texts of a call.
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
/// <item>What stands for it is made from the value of that finding alone. Part of the value, or a pseudonym, only if no finding of another
/// kind overlaps it, none reaches beyond it, no rule decided it before its end was known, and it is not cut: else the mask.</item>
/// </list>
/// All four follow from the text and its end alone, never from the way it was cut into pieces.
/// </remarks>
public sealed class RedactionPlan
{
    private readonly RedactionWay[] _ways;
    private readonly PseudonymKey? _key;

    /// <summary>
    /// Masks every kind of <paramref name="rules"/> except <paramref name="revealed"/>. Names that no rule finds are ignored.
    /// </summary>
    public RedactionPlan(RuleSet rules, params IEnumerable<Kind> revealed)
        : this(rules, revealed.Distinct().ToDictionary(kind => kind, _ => RedactionWay.Reveal))
    {
    }

    /// <summary>Treats each kind in its way, and masks those that are not named.</summary>
    /// <param name="rules">The rules to find values by.</param>
    /// <param name="ways">By kind. Names that no rule finds are ignored.</param>
    /// <param name="key">Makes pseudonyms; without it a kind that should have them is masked.</param>
    /// <param name="values">Values to redact wherever they occur, whatever their kind and whatever is revealed.</param>
    public RedactionPlan(RuleSet rules, IReadOnlyDictionary<Kind, RedactionWay> ways, PseudonymKey? key = null, ExactValues? values = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(ways);
        (Rules, Values, _key) = (rules, values is { Count: > 0 } ? values : null, key);
        Revealed = ways.Where(pair => pair.Value == RedactionWay.Reveal).Select(pair => pair.Key).ToHashSet();
        _ways = new RedactionWay[RuleSet.WithheldIndex + 1];
        foreach (var (index, kind) in rules.Kinds.Index())
            _ways[index] = ways.GetValueOrDefault(kind);
        Masked = rules.Rules.Where(rule => !Revealed.Contains(rule.Kind)).Aggregate(0UL, (all, rule) => all | rule.KindBit);
    }

    public RuleSet Rules { get; }

    public IReadOnlySet<Kind> Revealed { get; }

    /// <summary>The kinds to look for, as bits.</summary>
    internal ulong Masked { get; }

    internal ExactValues? Values { get; }

    /// <summary>True if everything passes as it is.</summary>
    internal bool IsOpen => Masked == 0 && Values is null;

    /// <summary>
    /// True if what stands for a finding depends on its value, and so on whether it is alone: see <see cref="Replacement.Write"/>.
    /// </summary>
    internal bool ShowsSome(in Finding finding) =>
        !finding.IsDecisive && _ways[finding.Rule.KindIndex] is RedactionWay.Partial or RedactionWay.Pseudonym;

    /// <summary>What stands for a value that is, whole, of a kind: a field of a record, of which nothing needs to be found.</summary>
    /// <param name="kind">A kind of the rules.</param>
    /// <param name="value">The value.</param>
    /// <param name="key">Makes the pseudonym, where the kind has one; without it the mask stands.</param>
    public string ReplaceWhole(Kind kind, string value, PseudonymKey? key)
    {
        ArgumentNullException.ThrowIfNull(value);
        var index = Rules.Kinds.Index().First(pair => pair.Item == kind).Index;
        return _ways[index] == RedactionWay.Reveal ? value : new Replacement(_ways[index], Rules.Masks[index], key).Whole(kind, value);
    }

    internal Replacement ReplacementOf(in Finding finding) => new(_ways[finding.Rule.KindIndex], Rules.Masks[finding.Rule.KindIndex], _key);
}
