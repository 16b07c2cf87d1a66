using Proofgate.Cedar;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Protection;

namespace Proofgate.Data;

/// <summary>A query of a dataset. It becomes executable only as an <see cref="AdmittedQuery"/>.</summary>
public sealed record QueryCall : Call
{
    public required Dataset Dataset { get; init; }

    public required QuerySyntax Query { get; init; }

    public required QueryPlanner Planner { get; init; }

    public override bool HasAnswer => true;

    public override bool ReadsRows => true;

    public override long AnswerLabel => Dataset.Label;

    public override string? TargetName => Dataset.Name;

    /// <summary>Those that the query names and the catalogue has, all of them where it names none; and the key, by which rows are told apart.</summary>
    public override IReadOnlyList<Entity> Columns => [.. Named.Select(Dataset.ToEntity)];

    /// <summary>A column's own kind; every kind where there is prose.</summary>
    public override IEnumerable<Kind> AnswerKinds =>
        Named.Any(static c => c.Type == ColumnType.Text) ? RuleSet.Default.Kinds : [.. Named.Select(static c => c.Kind).OfType<Kind>().Distinct()];

    private IEnumerable<DatasetColumn> Named => Query.SelectsAll ? Dataset.Columns.Values : Query.Mentions
        .Select(m => Dataset.Columns.GetValueOrDefault(m.Name))
        .OfType<DatasetColumn>()
        .Concat(Query.IsAggregate ? [] : Dataset.Key)
        .Distinct();

    /// <summary>What exists and what may be read are one question: only here, after policy's answer, is the query looked at with names and types.</summary>
    public override Refusal? ObjectionTo(Sight sight) => Planner.Plan(this, sight) is PlanResult.Refused { Fault: var fault }
        ? new Refusal { Id = Id, Status = 400, Code = fault.Code, Message = fault.Message, Param = fault.Member }
        : null;
}
