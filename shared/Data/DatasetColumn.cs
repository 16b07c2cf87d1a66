using Proofgate.Protection;

namespace Proofgate.Data;

/// <summary>A column that callers may ask for if policy lets them. What is not in the catalogue does not exist for callers.</summary>
public sealed record DatasetColumn
{
    public required string Name { get; init; }

    /// <summary>Its name at the source.</summary>
    public required string SourceName { get; init; }

    public required ColumnType Type { get; init; }

    /// <summary>Rank of the label that a value of it carries.</summary>
    public required long Label { get; init; }

    /// <summary>What kind of sensitive value stands in it, if one does: then it is shown as <c>reveal</c> says.</summary>
    public Kind? Kind { get; init; }

    /// <summary>Whether every row has a value. A row without one does not exist.</summary>
    public bool IsRequired { get; init; }
}
