using System.Security.Cryptography;
using Proofgate.Protection.Automata;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection;

/// <summary>The detector rules, compiled to one automaton. Immutable and shared by all calls.</summary>
public sealed class RuleSet
{
    private static readonly Lazy<RuleSet> Shipped = new(() => Load(RuleFile.ReadEmbedded()));

    private RuleSet(string digest, IReadOnlyList<Rule> rules)
    {
        Digest = digest;
        Rules = rules;
        Kinds = [.. rules.Select(rule => rule.Kind).Distinct()];
        Masks = [.. Kinds.Select(kind => $"[{kind.Name}]")];
        Automaton = AutomatonBuilder.Build(rules);
    }

    /// <summary>The rules that ship with this version (<c>Rules/rules.json</c>). Compiled on first use.</summary>
    public static RuleSet Default => Shipped.Value;

    /// <summary>SHA-256 of the rule file, lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Every kind that the rules find, in the order of the file.</summary>
    public IReadOnlyList<Kind> Kinds { get; }

    internal IReadOnlyList<Rule> Rules { get; }

    /// <summary>What stands for a value of each kind.</summary>
    internal string[] Masks { get; }

    internal Automaton Automaton { get; }

    /// <summary>Every kind, as <see cref="Rule.KindBit"/>s.</summary>
    internal ulong AllKinds => Rules.Aggregate(0UL, (all, rule) => all | rule.KindBit);

    /// <exception cref="InvalidDataException">The file is not a rule file, or a rule is wrong.</exception>
    internal static RuleSet Load(ReadOnlySpan<byte> json) =>
        new(Convert.ToHexStringLower(SHA256.HashData(json)), RuleFile.Parse(json).Compile());
}
