using System.Reflection;
using System.Text.Json;
using Proofgate.Protection.Automata;
using Proofgate.Protection.Validators;

namespace Proofgate.Protection.Rules;

/// <summary>The rule file: reads it and refuses what it cannot keep.</summary>
internal sealed record RuleFile
{
    /// <summary>Kinds are bits of a <see cref="ulong"/>.</summary>
    internal const int MaxKinds = 64;

    /// <summary>Version of the file's format.</summary>
    public required int Format { get; init; }

    public required IReadOnlyList<RuleEntry> Rules { get; init; }

    /// <summary>The bytes of the file that ships with this version.</summary>
    internal static byte[] ReadEmbedded()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("rules.json")
            ?? throw new InvalidOperationException("The assembly was built without its rules.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The file is not a rule file of a known format.</exception>
    internal static RuleFile Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, RuleJson.Default.RuleFile);
            return file is { Format: 1, Rules.Count: > 0 }
                ? file
                : throw new InvalidDataException("The rule file is empty or not of format 1.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The rule file cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">A rule is wrong; the message names it.</exception>
    internal IReadOnlyList<Rule> Compile()
    {
        var kinds = new List<Kind>();
        var rules = new List<Rule>();
        foreach (var entry in Rules)
        {
            try
            {
                rules.Add(Compile(entry, rules.Count, kinds));
            }
            catch (FormatException e)
            {
                throw new InvalidDataException($"Rule '{entry.Id}': {e.Message}", e);
            }
        }

        if (rules.Count(rule => rule.Lead is not null) > 1)
            throw new InvalidDataException("Only one rule may have a lead.");
        if (rules.DistinctBy(rule => rule.Id, StringComparer.Ordinal).Count() < rules.Count)
            throw new InvalidDataException("Two rules have the same id.");
        return rules;
    }

    private static Rule Compile(RuleEntry entry, int index, List<Kind> kinds)
    {
        if (!Protection.Kind.TryParse(entry.Kind, out var kind))
            throw new FormatException($"'{entry.Kind}' is no name of a kind.");
        if (!kinds.Contains(kind))
            kinds.Add(kind);
        if (kinds.Count > MaxKinds)
            throw new FormatException($"More than {MaxKinds} kinds.");
        Validator? validator = null;
        if (entry.Validator is not null && !ValidatorTable.TryGet(entry.Validator, out validator))
            throw new FormatException($"There is no validator '{entry.Validator}'.");
        var rule = new Rule
        {
            Index = index,
            Id = entry.Id,
            Kind = kinds[kinds.IndexOf(kind)],
            KindIndex = kinds.IndexOf(kind),
            Context = entry.Context is null ? null : PatternParser.Parse(entry.Context),
            Lead = entry.Lead is null ? null : (PatternParser.ParseSet(entry.LeadFirst ?? ""), PatternParser.ParseSet(entry.Lead)),
            Pattern = PatternParser.Parse(entry.Pattern),
            Until = entry.Until is null ? null : PatternParser.Parse(entry.Until),
            Before = entry.Before is null ? CharSet.Empty : PatternParser.ParseSet(entry.Before),
            After = entry.After is null ? null : PatternParser.ParseSet(entry.After),
            Validator = validator,
            SensitiveFrom = entry.SensitiveFrom,
            Needle = PatternParser.ParseSet(entry.Needle),
        };
        if (rule.Until is not null && !rule.IsDecisive)
            throw new FormatException("A rule that runs on until something can have neither a class after it nor a validator.");
        if (rule.Lead is not null && (rule.Context is not null || rule.Validator is not null || entry.Before is not null))
            throw new FormatException("A rule with a lead can have no context, no validator and no class before it.");
        if (rule.Context is { } context)
            PatternLength.Longest(context, isDecisive: false);
        var longest = PatternLength.Longest(rule.Pattern, rule.IsDecisive) + (rule.Lead is null ? 0 : Rule.MaxLead);
        if (rule.Validator is not null && longest > Rule.MaxValidatedLength)
            throw new FormatException($"A rule with a validator may match at most {Rule.MaxValidatedLength} characters.");
        return longest == entry.MaxLength
            ? rule
            : throw new FormatException($"The longest match has {longest} characters, not {entry.MaxLength}.");
    }
}
