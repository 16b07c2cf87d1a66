namespace Proofgate.Data;

/// <summary>A dataset as the bundle's author describes it: its label, and every column that may ever be asked for.</summary>
public sealed record Dataset
{
    public required string Name { get; init; }

    /// <summary>Rank of the label that any row of it carries at least.</summary>
    public required long Label { get; init; }

    /// <summary>By name, in the bundle's order. What is not listed does not exist for callers.</summary>
    public required IReadOnlyDictionary<string, DatasetColumn> Columns { get; init; }
}
