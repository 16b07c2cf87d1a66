using System.Reflection;
using System.Text;
using Proofgate.Data.Connectors;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Data.Tests.Support;

/// <summary>Compares what a source gives for a plan with what a plain evaluation over all rows gives.</summary>
internal static class Evaluated
{
    /// <returns>True: the source decided all; false: some was decided here; null: the query was refused.</returns>
    internal static async Task<bool?> CompareAsync(DataRig rig, ISourceUnderTest source, IReadOnlyList<RawRow> rows, RowScope scope, string query)
    {
        var plan = Plan(rig, scope, query, null);
        if (plan is null)
        {
            return null;
        }

        var call = CallOf(rig, query, null);
        var where = new QueryBinder(rig.Dataset(), SightOf(rig, scope)).Bind(call.Query.Where)!;
        var layout = new RowLayout([.. rig.Dataset().Columns.Values]);
        var expected = rows
            .Where(r => r.ExistsFor(plan.Guarded) && r.Cells["tenant"].Text == "contoso" && scope.Allows(r.AttributesOf(rig.Dataset())))
            .Where(r => where.Holds(new SourceRow(layout, [.. layout.Columns.Select(c => r.Cells[c.Name])])))
            .ToList();
        if (plan.IsAggregate)
        {
            if (Aggregate(plan, expected) is { } groups)
            {
                Assert.Equal(groups, (await ReadAsync(rig, source, plan)).Select(c => string.Join("|", c.Select(Show))));
            }
            else
            {
                Assert.Equal(SourceCodes.Overflow, (await Assert.ThrowsAsync<SourceException>(() => ReadAsync(rig, source, plan))).Code);
            }

            return true;
        }

        expected.Sort((a, b) => Compare(plan.Order, a, b));
        var found = new List<string>();
        for (var page = plan; page is not null;)
        {
            var read = await ReadAsync(rig, source, page);
            found.AddRange(read.Take(page.Limit).Select(c => string.Join("|", c.Take(page.Shown).Select(Show))));
            page = read.Count <= page.Limit ? null
                : Plan(rig, scope, query, rig.Cursors.Seal(page.Binding, [.. page.Order.Select(o => read[page.Limit - 1][page.Fetch.PlaceOf(o.Column)])]))!;
        }

        Assert.Equal(expected.Select(r => string.Join("|", plan.Fetch.Columns.Take(plan.Shown).Select(c => Show(r.Cells[c.Name])))), found);
        return !plan.IsEvaluatedHere;
    }

    private static QueryCall CallOf(DataRig rig, string query, string? cursor)
    {
        var body = cursor is null ? query : query[..^1] + $",\"cursor\":\"{cursor}\"}}";
        return rig.Call(Assert.IsType<QueryRead.Understood>(QueryParser.Read(Encoding.UTF8.GetBytes(body))).Query);
    }

    private static Sight SightOf(DataRig rig, RowScope scope) => new(
        new RedactionPlan(RuleSet.Default), rig.Dataset().Columns.Values.Select(c => rig.Dataset().ToEntity(c).Uid).ToHashSet(), scope);

    private static QueryPlan? Plan(DataRig rig, RowScope scope, string query, string? cursor)
    {
        var call = CallOf(rig, query, cursor);
        return call.Planner.Plan(call, SightOf(rig, scope)) switch
        {
            PlanResult.Planned planned => planned.Plan,
            PlanResult.Refused { Fault.Code: "filter_not_pushed" or "not_supported" } => null,
            PlanResult.Refused { Fault: var fault } => throw new InvalidOperationException(fault.ToString()),
            _ => throw new InvalidOperationException("A plan has two ends."),
        };
    }

    private static async Task<List<Cell[]>> ReadAsync(DataRig rig, ISourceUnderTest source, QueryPlan plan)
    {
        var settings = new DataSourceSettings { Address = source.Settings[0].Value, Secret = source.Settings.Length > 1 ? source.Settings[1].Value : null };
        var connector = rig.Connector(rig.Dataset().Source.Connector);

        // Only the pipeline admits; here the plan alone is under test.
        var query = (AdmittedQuery)Activator.CreateInstance(typeof(AdmittedQuery), BindingFlags.NonPublic | BindingFlags.Instance, null, [null, plan], null)!;
        var cells = new Cell[plan.Fetch.Columns.Count + plan.Aggregates.Count];
        var found = new List<Cell[]>();
        await using var rows = await connector.OpenAsync(query, settings, CancellationToken.None);
        while (await rows.ReadAsync(cells, CancellationToken.None))
        {
            var row = new SourceRow(plan.Fetch, cells);
            var attributes = Cedar.RecordValue.From(plan.ScopeColumns
                .Where(c => row[c].ToCedar() is not null)
                .Select(c => KeyValuePair.Create(c.Name, row[c].ToCedar()!)));
            if (plan.Rest?.Holds(row) != false && plan.Scope?.Allows(attributes) != false)
            {
                found.Add([.. cells]);
            }
        }

        return found;
    }

    private static int Compare(IReadOnlyList<OrderTerm> order, RawRow a, RawRow b)
    {
        foreach (var term in order)
        {
            var compared = a.Cells[term.Column.Name].CompareTo(b.Cells[term.Column.Name]);
            if (compared != 0)
            {
                return term.Descending ? -compared : compared;
            }
        }

        return 0;
    }

    /// <summary>Null: a sum is over 64 bits.</summary>
    private static IEnumerable<string>? Aggregate(QueryPlan plan, List<RawRow> rows)
    {
        var groups = rows.GroupBy(r => string.Join("|", plan.GroupBy.Select(g => Show(r.Cells[g.Name])))).Where(g => g.Count() >= plan.Dataset.Limits.MinGroup).ToList();
        groups.Sort((a, b) => Compare([.. plan.GroupBy.Select(static g => new OrderTerm(g, false))], a.First(), b.First()));
        try
        {
            return [.. groups.Take(plan.Limit + 1).Select(g => string.Join("|", plan.GroupBy.Select(c => Show(g.First().Cells[c.Name])).Concat(plan.Aggregates.Select(a => Show(Make(a, g, plan.Dataset.Limits.MinGroup))))))];
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Cell Make(Aggregate aggregate, IEnumerable<RawRow> rows, int least)
    {
        if (aggregate.Column is not { } column)
        {
            return Cell.Of((long)rows.Count());
        }

        var values = rows.Select(r => r.Cells[column.Name]).Where(static c => !c.IsNull).ToList();
        if (values.Count < least)
        {
            return Cell.Null;
        }

        values.Sort(static (a, b) => a.CompareTo(b));
        return aggregate.Function switch
        {
            AggregateFunction.Min => values[0],
            AggregateFunction.Max => values[^1],
            AggregateFunction.Sum => Cell.Of((long)values.Sum(static v => (decimal)v.Integer)),
            _ => Cell.Of((double)(values.Sum(static v => (decimal)v.Integer) / values.Count)),
        };
    }

    private static string Show(Cell cell) => cell.Kind switch
    {
        CellKind.Null => "null",
        CellKind.Text => $"'{cell.Text}'",
        CellKind.Number => cell.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{cell.Kind}:{cell.Integer}",
    };
}
