using Proofgate.Data.Querying;

namespace Proofgate.Data.Planning;

/// <summary>What became of planning a query.</summary>
internal abstract record PlanResult
{
    private PlanResult()
    {
    }

    internal sealed record Planned(QueryPlan Plan) : PlanResult;

    internal sealed record Refused(QueryFault Fault) : PlanResult;
}
