namespace Proofgate.Data;

/// <summary>What one query of a dataset may cost.</summary>
public sealed record DatasetLimits
{
    /// <summary>Rows of one answer.</summary>
    public int MaxRows { get; init; } = 10_000;

    /// <summary>Time for the source to give all rows of an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows that are fetched to be decided one by one, where the source cannot decide exactly.</summary>
    public int MaxEvaluated { get; init; } = 10_000;

    /// <summary>Rows that a group must have to be in an answer.</summary>
    public int MinGroup { get; init; } = 5;
}
