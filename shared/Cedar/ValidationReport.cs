namespace Proofgate.Cedar;

/// <summary>What the validator found. Policies without errors cannot fail with a type error on a request and entities that fit the schema.</summary>
public sealed class ValidationReport
{
    public required ValidationMode Mode { get; init; }

    /// <summary>In the order of the policies, within one policy by position.</summary>
    public required IReadOnlyList<ValidationFinding> Errors { get; init; }

    /// <summary>Policies that can never apply, and text that does not read as it looks. They do not make the report invalid.</summary>
    public required IReadOnlyList<ValidationFinding> Warnings { get; init; }

    public bool IsValid => Errors.Count == 0;
}
