namespace Proofgate.Data.Querying;

/// <summary>A query as it was sent. Nothing of it has been looked up: what exists and what may be read are one question, and policy answers it.</summary>
public sealed record QuerySyntax
{
    internal IReadOnlyList<string> Select { get; init; } = [];

    internal FilterSyntax? Where { get; init; }

    internal IReadOnlyList<OrderSyntax> OrderBy { get; init; } = [];

    internal IReadOnlyList<string> GroupBy { get; init; } = [];

    internal IReadOnlyList<AggregateSyntax> Aggregates { get; init; } = [];

    /// <summary>Null: the default.</summary>
    internal int? Limit { get; init; }

    internal string? Cursor { get; init; }

    internal bool IsAggregate => Aggregates.Count > 0;

    /// <summary>Every column that the caller may read.</summary>
    internal bool SelectsAll => !IsAggregate && Select.Count == 0;

    /// <summary>SHA-256 of the query without its cursor: what a cursor belongs to.</summary>
    public required ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>Every column named, with the member that names it, in a fixed order.</summary>
    internal IEnumerable<(string Name, string Member)> Mentions =>
    [
        .. Select.Select(static c => (c, "select")),
        .. Mentioned(Where),
        .. OrderBy.Select(static o => (o.Column, "orderBy")),
        .. GroupBy.Select(static c => (c, "groupBy")),
        .. Aggregates.Where(static a => a.Column is not null).Select(static a => (a.Column!, "aggregates")),
    ];

    private static IEnumerable<(string Name, string Member)> Mentioned(FilterSyntax? where) => where switch
    {
        FilterSyntax.Join join => join.Of.SelectMany(Mentioned),
        FilterSyntax.Not not => Mentioned(not.Of),
        FilterSyntax.Test test => [(test.Column, test.Path)],
        _ => [],
    };
}
