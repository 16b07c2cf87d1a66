using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>entity is Type</c>, and <c>entity is Type in entity</c>, which looks at the hierarchy only if the type fits.</summary>
internal sealed class IsType : Expression
{
    public IsType(SourcePosition position, Expression target, string type, Expression? within)
        : base(position)
    {
        (Target, Type, Within) = (target, type, within);
        Height = within is null ? Above(target) : Above(target, within);
    }

    public Expression Target { get; }

    public string Type { get; }

    public Expression? Within { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        switch (Target.Evaluate(evaluator))
        {
            case EntityValue entity when entity.Uid.Type != Type:
                return BoolValue.False;
            case EntityValue when Within is null:
                return BoolValue.True;
            case EntityValue entity:
                return Within.Evaluate(evaluator) is { } right ? Membership.Test(evaluator, Within, entity.Uid, right) : null;
            case { } other:
                return evaluator.FailType(Target, "entity", other);
            default:
                return null;
        }
    }
}
