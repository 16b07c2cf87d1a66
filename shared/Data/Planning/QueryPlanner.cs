using System.Security.Cryptography;
using System.Text;
using Proofgate.Data.Connectors;
using Proofgate.Data.Cursors;
using Proofgate.Data.Filters;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;

namespace Proofgate.Data.Planning;

/// <summary>
/// Plans a query from what policy said. What the source can decide exactly goes into its own condition; the rest is decided here, row by row, and then nothing
/// may be ordered or counted: an order or a number that the source made over other rows would tell of them.
/// </summary>
public sealed class QueryPlanner
{
    private readonly ConnectorSet _connectors;
    private readonly CursorSealer _cursors;

    internal QueryPlanner(ConnectorSet connectors, CursorSealer cursors) => (_connectors, _cursors) = (connectors, cursors);

    internal PlanResult Plan(QueryCall call, Sight sight)
    {
        var (dataset, query) = (call.Dataset, call.Query);
        var binder = new QueryBinder(dataset, sight);

        // Every name first: what is wrong with values is told only of columns that are there.
        foreach (var (name, member) in query.Mentions)
        {
            binder.Column(name, member);
        }

        var selected = query.SelectsAll ? [.. dataset.Columns.Values.Where(binder.IsReadable)] : query.Select.Select(c => binder.Column(c, "select")).OfType<DatasetColumn>().ToList();
        var where = binder.Fault is null ? binder.Bind(query.Where) : null;
        var asked = query.OrderBy.Select(o => binder.Plain(o.Column, "orderBy") is { } c ? new OrderTerm(c, o.Descending) : null).OfType<OrderTerm>().ToList();
        var groups = query.GroupBy.Select(c => binder.Plain(c, "groupBy")).OfType<DatasetColumn>().ToList();
        var aggregates = query.Aggregates.Select(a => Bind(a, binder)).OfType<Aggregate>().ToList();
        if ((binder.Fault ?? Misfit(query, dataset, binder)) is { } fault)
        {
            return new PlanResult.Refused(fault);
        }

        var connector = _connectors.Of(dataset.Source.Connector);
        var pushed = new List<Filter>();
        if (dataset.TenantColumn is { } tenantColumn)
        {
            pushed.Add(new Filter.Compare(tenantColumn, CompareOperator.Equal, Cell.Of(call.Caller.Tenant)));
        }

        var rowFilter = new RowFilter(dataset);
        var scope = sight.Rows!;
        var isExact = Push(scope.Decided switch
        {
            true => [],
            false => [Filter.False],
            null => scope.Residuals.SelectMany(r => Conjuncts(r.Allowed)).Select(rowFilter.Translate),
        });
        var scopeColumns = rowFilter.ColumnsOf(scope.Residuals);
        var rest = Split(where!, connector, pushed);
        if (!(isExact && rest is null) && (query.IsAggregate || asked.Count > 0))
        {
            return Refused(
                "filter_not_pushed",
                "The source cannot decide exactly which rows you may see, or which your condition means, so nothing can be counted or ordered over them. Ask for the rows.",
                query.IsAggregate ? "aggregates" : "orderBy");
        }

        if (query.IsAggregate && !connector.Aggregates)
        {
            return Refused("not_supported", "This dataset's source cannot aggregate.", "aggregates");
        }

        OrderTerm[] order = query.IsAggregate ? [] : [.. asked, .. dataset.Key.Where(k => !asked.Exists(o => o.Column == k)).Select(static k => new OrderTerm(k, false))];
        var sorted = groups.Concat(aggregates.Where(static a => a.Function is AggregateFunction.Min or AggregateFunction.Max).Select(static a => a.Column!)).Select(static c => new OrderTerm(c, false));
        if (!connector.CanOrder(query.IsAggregate ? [.. sorted] : order))
        {
            return Refused("not_supported", "This dataset's source cannot give rows in this order.", "orderBy");
        }

        var binding = Bind(call, sight);
        var from = query.Cursor is null ? null : _cursors.Open(query.Cursor, binding, order);
        if (query.Cursor is not null && from is null)
        {
            return Refused("invalid_cursor", "The cursor is of another query, another caller or another policy, or was changed. Begin without it.", "cursor");
        }

        IReadOnlyList<DatasetColumn> evaluated = isExact ? [] : scopeColumns;
        var fetch = query.IsAggregate ? groups : [.. selected.Concat(order.Select(static o => o.Column)).Concat(ColumnsOf(rest)).Concat(evaluated).Distinct()];
        var filter = Filter.AllOf(pushed);
        return new PlanResult.Planned(new QueryPlan
        {
            Dataset = dataset,
            Fetch = new RowLayout(fetch),
            Shown = selected.Count,
            Pushed = filter,
            From = from,
            Guarded = [.. fetch.Concat(ColumnsOf(filter)).Concat(ColumnsOf(where)).Concat(scopeColumns).Concat(aggregates.Select(static a => a.Column).OfType<DatasetColumn>()).Distinct()],
            Rest = rest,
            Scope = isExact ? null : scope,
            ScopeColumns = evaluated,
            Order = order,
            Limit = Math.Min(query.Limit ?? QueryLimits.DefaultRows, dataset.Limits.MaxRows),
            GroupBy = groups,
            Aggregates = aggregates,
            Binding = binding,
        });

        bool Push(IEnumerable<Filter?> terms)
        {
            var all = true;
            foreach (var term in terms)
            {
                if (term is Filter.Constant || (term is not null && connector.CanPush(term)))
                {
                    pushed.Add(term);
                }
                else
                {
                    all = false;
                }
            }

            return all;
        }
    }

    private static PlanResult.Refused Refused(string code, string message, string member) => new(new QueryFault(code, message, member));

    private static QueryFault? Misfit(QuerySyntax query, Dataset dataset, QueryBinder binder) =>
        query.Limit > dataset.Limits.MaxRows
            ? new QueryFault("invalid_query", $"'limit' may be {dataset.Limits.MaxRows} for this dataset.", "limit")
        : !query.IsAggregate && !dataset.Key.All(k => binder.IsReadable(k) && binder.IsPlain(k))
            ? new QueryFault("key_not_readable", "You may not read what tells this dataset's rows apart, so you can ask for aggregates only.", "select")
        : null;

    private static Aggregate? Bind(AggregateSyntax aggregate, QueryBinder binder)
    {
        if (aggregate.Column is null)
        {
            return new Aggregate(aggregate.Function, null, aggregate.Name);
        }

        var column = binder.Plain(aggregate.Column, "aggregates");
        var fits = column is null || aggregate.Function switch
        {
            AggregateFunction.Sum or AggregateFunction.Avg => column.Type == ColumnType.Integer,
            _ => column.Type is not (ColumnType.Boolean or ColumnType.Text),
        };
        return fits ? column is null ? null : new Aggregate(aggregate.Function, column, aggregate.Name) : binder.Misuse(aggregate);
    }

    private static IEnumerable<Cedar.Residuals.ResidualExpression> Conjuncts(Cedar.Residuals.ResidualExpression allowed) =>
        allowed is Cedar.Residuals.ResidualExpression.And and ? and.Terms : [allowed];

    /// <summary>What the source can decide goes to it; the rest is returned.</summary>
    private static Filter? Split(Filter where, IDataConnector connector, List<Filter> pushed)
    {
        var rest = new List<Filter>();
        foreach (var term in where switch { Filter.Constant { Value: true } => [], Filter.All all => all.Terms, _ => (IReadOnlyList<Filter>)[where] })
        {
            (connector.CanPush(term) ? pushed : rest).Add(term);
        }

        return rest.Count == 0 ? null : Filter.AllOf(rest);
    }

    private static HashSet<DatasetColumn> ColumnsOf(Filter? filter)
    {
        var columns = new HashSet<DatasetColumn>();
        filter?.AddColumns(columns);
        return columns;
    }

    /// <summary>Who asks, the query, the bundle and the rows that it leaves: a cursor of yesterday's policy does not go on under today's.</summary>
    private static CursorBinding Bind(QueryCall call, Sight sight)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(call.Query.Digest.Span);
        foreach (var part in (ReadOnlySpan<string>)[call.Dataset.Name, call.Bundle.Digest, sight.Rows!.Digest])
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{part}"));
        }

        return new CursorBinding(call.Caller.Tenant, call.Caller.Subject, call.Caller.Client, hash.GetHashAndReset());
    }
}
