namespace Proofgate.Data.Querying;

/// <summary>What is made of the rows of a group. Sums are of integers only: a sum of doubles depends on the order in which rows lie.</summary>
public enum AggregateFunction
{
    Count,
    Sum,
    Min,
    Max,
    Avg,
}
