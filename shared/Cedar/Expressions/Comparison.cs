using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> between two longs, two datetimes or two durations.</summary>
internal sealed class Comparison : Expression
{
    public Comparison(SourcePosition position, Operator op, Expression left, Expression right)
        : base(position)
    {
        (Op, Left, Right) = (op, left, right);
        Height = Above(left, right);
    }

    public enum Operator
    {
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    }

    public Operator Op { get; }

    public Expression Left { get; }

    public Expression Right { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Left.Evaluate(evaluator) is not { } left || Right.Evaluate(evaluator) is not { } right)
            return null;

        return (left, right) switch
        {
            (LongValue a, LongValue b) => Compare(a.Value, b.Value),
            (DatetimeValue a, DatetimeValue b) => Compare(a.Milliseconds, b.Milliseconds),
            (DurationValue a, DurationValue b) => Compare(a.Milliseconds, b.Milliseconds),
            (LongValue or DatetimeValue or DurationValue, _) => evaluator.FailType(Right, left.Kind, right),
            _ => evaluator.FailType(Left, "long, datetime or duration", left),
        };
    }

    private BoolValue Compare(long left, long right) => BoolValue.Of(Op switch
    {
        Operator.Less => left < right,
        Operator.LessOrEqual => left <= right,
        Operator.Greater => left > right,
        _ => left >= right,
    });
}
