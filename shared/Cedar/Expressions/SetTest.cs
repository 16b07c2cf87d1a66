using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>set.contains(value)</c>, <c>set.containsAll(set)</c> and <c>set.containsAny(set)</c>.</summary>
internal sealed class SetTest : Expression
{
    public SetTest(SourcePosition position, Operator op, Expression target, Expression argument)
        : base(position)
    {
        (Op, Target, Argument) = (op, target, argument);
        Height = Above(target, argument);
    }

    public enum Operator
    {
        Contains,
        ContainsAll,
        ContainsAny,
    }

    public Operator Op { get; }

    public Expression Target { get; }

    public Expression Argument { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Target.Evaluate(evaluator) is not { } target || Argument.Evaluate(evaluator) is not { } argument)
            return null;
        if (target is not SetValue set)
            return evaluator.FailType(Target, "set", target);
        if (Op == Operator.Contains)
            return BoolValue.Of(set.Contains(argument));
        if (argument is not SetValue other)
            return evaluator.FailType(Argument, "set", argument);

        return BoolValue.Of(Op == Operator.ContainsAll ? set.ContainsAll(other) : set.ContainsAny(other));
    }
}
