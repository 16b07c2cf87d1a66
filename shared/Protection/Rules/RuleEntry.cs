namespace Proofgate.Protection.Rules;

/// <summary>A rule as the file states it.</summary>
internal sealed record RuleEntry
{
    /// <summary>Names the rule in errors and tests; unique.</summary>
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>Grows with every change of what the rule finds.</summary>
    public required int Version { get; init; }

    /// <summary>A pattern that must match directly before and is not redacted: the words that give a number its meaning.</summary>
    public string? Context { get; init; }

    /// <summary>
    /// Character class of up to 63 characters before the pattern, after one of <see cref="LeadFirst"/>. One rule may have it: of the
    /// places where a match could begin, all but the first are kept as one bit, so that a long word costs no more than a short one.
    /// </summary>
    public string? Lead { get; init; }

    public string? LeadFirst { get; init; }

    /// <summary>In the subset of <see cref="Automata.PatternParser"/>.</summary>
    public required string Pattern { get; init; }

    /// <summary>A pattern that ends a match of unlimited length.</summary>
    public string? Until { get; init; }

    /// <summary>Character class that must not stand before the match.</summary>
    public string? Before { get; init; }

    /// <summary>Character class that must not stand after the match. Without it and without a validator the rule is decisive.</summary>
    public string? After { get; init; }

    /// <summary>Name in <see cref="Validators.ValidatorTable"/>.</summary>
    public string? Validator { get; init; }

    /// <summary>Letters and digits of a beginning that is redacted when the text is cut short, where the pattern cannot mark it.</summary>
    public int SensitiveFrom { get; init; }

    /// <summary>Character class of which every match has a member: what a scan looks for.</summary>
    public required string Needle { get; init; }

    /// <summary>Most characters, zero-width ones apart, that the rule ever holds back before it is decided.</summary>
    public required int MaxLength { get; init; }

    /// <summary>
    /// Texts that are one match from end to end; those of a rule with a context have the match in <c>‹›</c>, which are not in the text.
    /// </summary>
    public required IReadOnlyList<string> Positive { get; init; }

    /// <summary>Texts in which the rule finds nothing.</summary>
    public required IReadOnlyList<string> Negative { get; init; }
}
