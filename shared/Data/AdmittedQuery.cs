using Proofgate.Data.Planning;
using Proofgate.Enforcement;

namespace Proofgate.Data;

/// <summary>
/// A query that policy allows and whose decision is durable, with all that it may fetch: the only thing that connectors accept. It is made of an admitted
/// call, which only the pipeline makes.
/// </summary>
public sealed class AdmittedQuery
{
    private AdmittedQuery(AdmittedCall<QueryCall> call, QueryPlan plan) => (Call, Plan) = (call, plan);

    public AdmittedCall<QueryCall> Call { get; }

    public Dataset Dataset => Plan.Dataset;

    internal QueryPlan Plan { get; }

    public static AdmittedQuery Of(AdmittedCall<QueryCall> call) => call.Call.Planner.Plan(call.Call, call.Sight) is PlanResult.Planned planned
        ? new AdmittedQuery(call, planned.Plan)
        : throw new InvalidOperationException("A call that cannot be planned is not admitted.");
}
