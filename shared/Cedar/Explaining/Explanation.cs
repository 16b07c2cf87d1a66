using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Explaining;

/// <summary>An answer and, for each policy, why it applied or did not.</summary>
public sealed class Explanation
{
    private Explanation(Authorization answer, IReadOnlyList<PolicyExplanation> policies)
    {
        (Answer, Policies) = (answer, policies);
        NearestPermits = policies.Any(static p => p.Policy.Effect == Effect.Permit && p.Outcome == PolicyOutcome.Satisfied)
            ? []
            : [.. policies.Where(static p => p.Policy.Effect == Effect.Permit).OrderBy(static p => p.Unmet)];
    }

    public Authorization Answer { get; }

    /// <summary>In the order of the set.</summary>
    public IReadOnlyList<PolicyExplanation> Policies { get; }

    /// <summary>Where no permit applied: all permits, those with the fewest unmet parts first.</summary>
    public IReadOnlyList<PolicyExplanation> NearestPermits { get; }

    internal static Explanation Of(PolicySet set, Request request, Entities entities)
    {
        var tracer = new Tracer(new Evaluator(request, entities));
        return new Explanation(set.Evaluate(request, entities), [.. set.Policies.Select(p => Of(p, request, entities, tracer))]);
    }

    private static PolicyExplanation Of(Policy policy, Request request, Entities entities, Tracer tracer)
    {
        var scope = new List<ScopeMismatch>();
        ScopeText.Mismatch(scope, "principal", policy.Principal, request.Principal, entities);
        ScopeText.Mismatch(scope, "action", policy.Action, request.Action, entities);
        ScopeText.Mismatch(scope, "resource", policy.Resource, request.Resource, entities);

        var conditions = new List<ConditionExplanation>();
        foreach (var condition in policy.Conditions)
        {
            var step = tracer.Run(condition.Body);
            if (step.Test != !condition.IsUnless)
                conditions.Add(Blame.Of(condition, step, entities));
        }

        var outcome = scope.Count > 0 ? PolicyOutcome.OutOfScope
            : conditions.Count == 0 ? PolicyOutcome.Satisfied
            : conditions[0].Failure is null ? PolicyOutcome.NotMet
            : PolicyOutcome.Failed;
        return new PolicyExplanation(policy, outcome) { Scope = scope, Conditions = conditions };
    }
}
