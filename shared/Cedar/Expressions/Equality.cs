using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>==</c> and <c>!=</c>. Values of different kinds are unequal; that is no error.</summary>
internal sealed class Equality : Expression
{
    public Equality(SourcePosition position, Expression left, Expression right, bool negated)
        : base(position)
    {
        (Left, Right, Negated) = (left, right, negated);
        Height = Above(left, right);
    }

    public Expression Left { get; }

    public Expression Right { get; }

    public bool Negated { get; }

    public override Value? Evaluate(Evaluator evaluator) =>
        Left.Evaluate(evaluator) is { } left && Right.Evaluate(evaluator) is { } right
            ? BoolValue.Of(left.Equals(right) != Negated)
            : null;
}
