using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>target.name</c> or <c>target["name"]</c>. The attribute must be there.</summary>
internal sealed class GetAttribute : Expression
{
    public GetAttribute(SourcePosition position, Expression target, string name)
        : base(position)
    {
        (Target, Name) = (target, name);
        Height = Above(target);
    }

    public Expression Target { get; }

    public string Name { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        switch (Target.Evaluate(evaluator))
        {
            case RecordValue record:
                return record.TryGet(Name, out var value)
                    ? value
                    : evaluator.Fail(this, $"the record has no attribute {StringLiteral.Quote(Name)}");
            case EntityValue entity when evaluator.Find(entity.Uid) is { } node:
                return node.Entity.Attributes.TryGet(Name, out value)
                    ? value
                    : evaluator.Fail(this, $"the {entity.Uid.Type} has no attribute {StringLiteral.Quote(Name)}");
            case EntityValue entity:
                return evaluator.Fail(this, $"the {entity.Uid.Type} does not exist, so it has no attribute {StringLiteral.Quote(Name)}");
            case { } other:
                return evaluator.FailType(Target, "record or entity", other);
            default:
                return null;
        }
    }
}
