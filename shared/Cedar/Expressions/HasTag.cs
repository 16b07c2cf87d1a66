using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>entity.hasTag(name)</c>. False for an entity that does not exist.</summary>
internal sealed class HasTag : Expression
{
    public HasTag(SourcePosition position, Expression target, Expression name)
        : base(position)
    {
        (Target, Name) = (target, name);
        Height = Above(target, name);
    }

    public Expression Target { get; }

    public Expression Name { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Target.Evaluate(evaluator) is not { } target || Name.Evaluate(evaluator) is not { } name)
            return null;
        if (target is not EntityValue entity)
            return evaluator.FailType(Target, "entity", target);
        if (name is not StringValue tag)
            return evaluator.FailType(Name, "string", name);

        return BoolValue.Of(evaluator.Find(entity.Uid) is { } node && node.Entity.Tags.Has(tag.Value));
    }
}
