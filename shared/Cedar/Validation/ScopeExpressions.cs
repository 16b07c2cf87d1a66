using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar.Validation;

/// <summary>Writes a policy as one expression: its scope, then its conditions.</summary>
internal static class ScopeExpressions
{
    public static Expression Condition(Policy policy)
    {
        var conditions = Array.ConvertAll(policy.Conditions, condition => condition.IsUnless ? new Not(condition.Body.Position, condition.Body) : condition.Body);
        var body = conditions.Length switch
        {
            0 => new Literal(policy.Position, BoolValue.True),
            1 => conditions[0],
            _ => new Conjunction(policy.Position, conditions),
        };
        return new Conjunction(policy.Position,
        [
            Scope(policy, Variable.Name.Principal, policy.Principal),
            new Conjunction(policy.Position,
            [
                Action(policy),
                new Conjunction(policy.Position, [Scope(policy, Variable.Name.Resource, policy.Resource), body]),
            ]),
        ]);
    }

    private static Expression Scope(Policy policy, Variable.Name which, ScopeConstraint constraint)
    {
        var at = constraint.Position ?? policy.Position;
        var variable = new Variable(at, which);
        Expression? entity = constraint.IsSlot ? new SlotExpression(at, which == Variable.Name.Principal)
            : constraint.Uids is [var uid] ? new Literal(at, new EntityValue(uid))
            : null;
        return constraint.Kind switch
        {
            ConstraintKind.Equal => new Equality(at, variable, entity!, negated: false),
            ConstraintKind.In => new Membership(at, variable, entity!),
            ConstraintKind.Is => new IsType(at, variable, constraint.Type!, null),
            ConstraintKind.IsIn => new IsType(at, variable, constraint.Type!, entity!),
            _ => new Literal(at, BoolValue.True),
        };
    }

    private static Expression Action(Policy policy)
    {
        var at = policy.Action.Position ?? policy.Position;
        var action = new Variable(at, Variable.Name.Action);
        var uids = Array.ConvertAll(policy.Action.Uids, uid => (Expression)new Literal(at, new EntityValue(uid)));
        return policy.Action.Kind switch
        {
            ConstraintKind.Any => new Literal(at, BoolValue.True),
            ConstraintKind.Equal => new Equality(at, action, uids[0], negated: false),
            _ => new Membership(at, action, new SetExpression(at, uids)),
        };
    }
}
