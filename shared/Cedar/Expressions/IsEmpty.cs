using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>set.isEmpty()</c>.</summary>
internal sealed class IsEmpty : Expression
{
    public IsEmpty(SourcePosition position, Expression target)
        : base(position)
    {
        Target = target;
        Height = Above(target);
    }

    public Expression Target { get; }

    public override Value? Evaluate(Evaluator evaluator) => Target.Evaluate(evaluator) switch
    {
        SetValue set => BoolValue.Of(set.Count == 0),
        { } other => evaluator.FailType(Target, "set", other),
        null => null,
    };
}
