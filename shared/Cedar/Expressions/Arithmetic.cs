using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>+</c>, <c>-</c> and <c>*</c> on longs. A result outside 64 bits is an error.</summary>
internal sealed class Arithmetic : Expression
{
    public Arithmetic(SourcePosition position, Operator op, Expression left, Expression right)
        : base(position)
    {
        (Op, Left, Right) = (op, left, right);
        Height = Above(left, right);
    }

    public enum Operator
    {
        Add,
        Subtract,
        Multiply,
    }

    public Operator Op { get; }

    public Expression Left { get; }

    public Expression Right { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Left.Evaluate(evaluator) is not { } left || Right.Evaluate(evaluator) is not { } right)
            return null;
        if (left is not LongValue a)
            return evaluator.FailType(Left, "long", left);
        if (right is not LongValue b)
            return evaluator.FailType(Right, "long", right);

        var result = Op switch
        {
            Operator.Add => (Int128)a.Value + b.Value,
            Operator.Subtract => (Int128)a.Value - b.Value,
            _ => (Int128)a.Value * b.Value,
        };
        return result >= long.MinValue && result <= long.MaxValue
            ? LongValue.Of((long)result)
            : evaluator.Fail(this, $"integer overflow in {Op switch { Operator.Add => "addition", Operator.Subtract => "subtraction", _ => "multiplication" }}");
    }
}
