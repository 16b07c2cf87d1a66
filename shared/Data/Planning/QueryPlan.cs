using Proofgate.Data.Filters;
using Proofgate.Policy;

namespace Proofgate.Data.Planning;

/// <summary>What to fetch, by which condition, in which order; and what is decided row by row afterwards.</summary>
internal sealed record QueryPlan
{
    public required Dataset Dataset { get; init; }

    /// <summary>The columns fetched, in order: those selected, then what order, key and evaluation need.</summary>
    public required RowLayout Fetch { get; init; }

    /// <summary>How many of <see cref="Fetch"/> the answer shows: the first ones.</summary>
    public required int Shown { get; init; }

    /// <summary>What the source decides: the tenant, what could be pushed of policy and of the query, and where the page goes on.</summary>
    public required Filter Pushed { get; init; }

    /// <summary>
    /// Every column that the query or policy looks at. A row in which one of them has no value of its type does not exist, whether the source decides or we do.
    /// </summary>
    public required IReadOnlyList<DatasetColumn> Guarded { get; init; }

    /// <summary>What is decided here of the query; null: nothing.</summary>
    public Filter? Rest { get; init; }

    /// <summary>What is decided here of policy; null: nothing.</summary>
    public RowScope? Scope { get; init; }

    /// <summary>The attributes that <see cref="Scope"/> looks at.</summary>
    public IReadOnlyList<DatasetColumn> ScopeColumns { get; init; } = [];

    /// <summary>The whole order, key included. Empty for aggregates.</summary>
    public required IReadOnlyList<OrderTerm> Order { get; init; }

    public required int Limit { get; init; }

    public IReadOnlyList<DatasetColumn> GroupBy { get; init; } = [];

    public IReadOnlyList<Aggregate> Aggregates { get; init; } = [];

    public required CursorBinding Binding { get; init; }

    public bool IsAggregate => Aggregates.Count > 0;

    /// <summary>Whether rows are decided one by one, of which a limited number is fetched.</summary>
    public bool IsEvaluatedHere => Rest is not null || Scope is not null;
}
