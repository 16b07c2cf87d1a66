using System.Security.Cryptography;
using Proofgate.Protection.Automata;
using Proofgate.Protection.Matching;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection;

/// <summary>The detector rules, and the one automaton that they are compiled to. Immutable and shared by all calls.</summary>
public sealed class RuleSet
{
    /// <summary>Stands for <see cref="Kind.Withheld"/> among the indexes of kinds: after every kind that rules can have.</summary>
    internal const int WithheldIndex = RuleFile.MaxKinds;

    private static readonly Lazy<RuleSet> Shipped = new(() => Read(RuleFile.ReadEmbedded()));

    private readonly Lazy<Automaton> _automaton;

    private RuleSet(string digest, IReadOnlyList<Rule> rules)
    {
        Digest = digest;
        Rules = rules;
        Kinds = [.. rules.Select(rule => rule.Kind).Distinct()];
        Masks = new string[WithheldIndex + 1];
        foreach (var (index, kind) in Kinds.Index())
            Masks[index] = $"[{kind.Name}]";
        Masks[WithheldIndex] = $"[{Kind.Withheld.Name}]";
        _automaton = new Lazy<Automaton>(() => AutomatonBuilder.Build(rules));
        Withheld = new Rule
        {
            Index = rules.Count,
            Id = "exact-value",
            Kind = Kind.Withheld,
            KindIndex = WithheldIndex,
            Pattern = new PatternNode.Sequence([]),
            Before = CharSet.Empty,
            Needle = CharSet.Empty,
        };
    }

    /// <summary>The rules that ship with this version (<c>Rules/rules.json</c>). Their kinds are known at once; they are compiled on first use.</summary>
    public static RuleSet Default => Shipped.Value;

    /// <summary>SHA-256 of the rule file, lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Every kind that the rules find, in the order of the file.</summary>
    public IReadOnlyList<Kind> Kinds { get; }

    /// <summary>Compiles the rules, which takes most of a second on a cold instance: a host does it beside its start, so that neither start nor first call waits for all of it.</summary>
    public void Prepare() => _ = Automaton;

    /// <summary>
    /// False for <see cref="RedactionWay.Partial"/> of a kind without an end to show, and for <see cref="RedactionWay.Pseudonym"/> of one
    /// whose values are redacted before their end is known: the mask would stand there all the same.
    /// </summary>
    public bool Offers(Kind kind, RedactionWay way) => way switch
    {
        RedactionWay.Partial => Replacement.HasEnd(kind),
        RedactionWay.Pseudonym => Rules.All(rule => rule.Kind != kind || !rule.IsDecisive),
        _ => true,
    };

    internal IReadOnlyList<Rule> Rules { get; }

    /// <summary>What stands for a value of each kind.</summary>
    internal string[] Masks { get; }

    internal Automaton Automaton => _automaton.Value;

    /// <summary>Names what <see cref="ExactValues"/> find, after every rule of the file.</summary>
    internal Rule Withheld { get; }

    /// <summary>Every kind, as <see cref="Rule.KindBit"/>s.</summary>
    internal ulong AllKinds => Rules.Aggregate(0UL, (all, rule) => all | rule.KindBit);

    /// <exception cref="InvalidDataException">The file is not a rule file, or a rule is wrong.</exception>
    internal static RuleSet Load(ReadOnlySpan<byte> json)
    {
        var rules = Read(json);
        rules.Prepare();
        return rules;
    }

    private static RuleSet Read(ReadOnlySpan<byte> json) =>
        new(Convert.ToHexStringLower(SHA256.HashData(json)), RuleFile.Parse(json).Compile());
}
