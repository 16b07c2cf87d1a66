using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Residuals;

/// <summary>What is left of a policy: it is satisfied by the resources for which the condition is true, and fails for those for which the condition fails.</summary>
public sealed class ResidualPolicy
{
    internal ResidualPolicy(Policy policy, ResidualExpression condition)
    {
        Policy = policy;
        Condition = condition;
        Test = condition.Lower();
    }

    public Policy Policy { get; }

    /// <summary>The scope and all clauses. A literal <c>true</c> where the policy is satisfied by every resource, a failure where it fails for every one.</summary>
    public ResidualExpression Condition { get; }

    internal Expression Test { get; }
}
