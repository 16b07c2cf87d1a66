namespace Proofgate.Policy.Testing;

/// <summary>What a case expects of the combinations that it selects. A selection that is null is everything.</summary>
internal sealed record TestExpectation
{
    public required string Name { get; init; }

    /// <summary>Where it stands: <c>cases[2]</c>.</summary>
    public required string Path { get; init; }

    public required bool Allow { get; init; }

    public IReadOnlyList<string>? Because { get; init; }

    /// <summary>Null: nothing is said of it. Else what <see cref="StepUpText"/> makes of it.</summary>
    public string? StepUp { get; init; }

    public required IReadOnlySet<string>? Principals { get; init; }

    public required IReadOnlySet<string>? Actions { get; init; }

    public required IReadOnlySet<string>? Resources { get; init; }

    public required IReadOnlySet<string>? Contexts { get; init; }

    internal bool Selects(string principal, string action, string resource, string context) =>
        Has(Principals, principal) && Has(Actions, action) && Has(Resources, resource) && Has(Contexts, context);

    internal static string StepUpText(StepUp? stepUp) => stepUp is null
        ? "none"
        : string.Join(' ', new[] { stepUp.Acr, stepUp.MaxAge is { } age ? FormattableString.Invariant($"max_age={(long)age.TotalSeconds}") : null }.Where(static t => t is not null));

    private static bool Has(IReadOnlySet<string>? names, string name) => names is null || names.Contains(name);
}
