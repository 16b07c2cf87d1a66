using Proofgate.Data.Querying;

namespace Proofgate.Data.Planning;

/// <summary>An aggregate of a column; of none: the number of rows.</summary>
internal sealed record Aggregate(AggregateFunction Function, DatasetColumn? Column, string Name);
