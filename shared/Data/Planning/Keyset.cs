using Proofgate.Data.Filters;

namespace Proofgate.Data.Planning;

/// <summary>Where a page goes on: after the row with these values in the order of the query.</summary>
internal static class Keyset
{
    internal static Filter After(IReadOnlyList<OrderTerm> order, IReadOnlyList<Cell> from)
    {
        // From the last term: after in this one, or equal in it and after in those that follow.
        var after = Filter.False;
        for (var i = order.Count - 1; i >= 0; i--)
        {
            after = Filter.AnyOf([Beyond(order[i], from[i]), Filter.AllOf([Same(order[i].Column, from[i]), after])]);
        }

        return after;
    }

    private static Filter Same(DatasetColumn column, Cell value) => value.IsNull ? new Filter.IsNull(column) : new Filter.Compare(column, CompareOperator.Equal, value);

    private static Filter Beyond(OrderTerm term, Cell value) => (term.Descending, value.IsNull) switch
    {
        (false, true) => Filter.HasValue(term.Column),
        (true, true) => Filter.False,
        (false, false) => new Filter.Compare(term.Column, CompareOperator.Greater, value),
        (true, false) when term.Column.IsRequired => new Filter.Compare(term.Column, CompareOperator.Less, value),
        (true, false) => Filter.AnyOf([new Filter.Compare(term.Column, CompareOperator.Less, value), new Filter.IsNull(term.Column)]),
    };
}
