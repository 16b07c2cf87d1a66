namespace Proofgate.Data.Querying;

/// <summary>An aggregate as it was sent.</summary>
/// <param name="Function">What to make.</param>
/// <param name="Column">Of what; null for the number of rows.</param>
/// <param name="Name">How the answer calls it.</param>
internal sealed record AggregateSyntax(AggregateFunction Function, string? Column, string Name);
