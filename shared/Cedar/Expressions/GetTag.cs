using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>entity.getTag(name)</c>. The tag must be there.</summary>
internal sealed class GetTag : Expression
{
    public GetTag(SourcePosition position, Expression target, Expression name)
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
        if (evaluator.Find(entity.Uid) is not { } node)
            return evaluator.Fail(this, $"the {entity.Uid.Type} does not exist, so it has no tags");

        // The name may be computed from the request, so it stays out of the message.
        return node.Entity.Tags.TryGet(tag.Value, out var value)
            ? value
            : evaluator.Fail(this, $"the {entity.Uid.Type} has no such tag");
    }
}
