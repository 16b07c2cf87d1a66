using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>-operand</c>.</summary>
internal sealed class Negate : Expression
{
    public Negate(SourcePosition position, Expression operand)
        : base(position)
    {
        Operand = operand;
        Height = Above(operand);
    }

    public Expression Operand { get; }

    public override Value? Evaluate(Evaluator evaluator) => Operand.Evaluate(evaluator) switch
    {
        LongValue { Value: long.MinValue } => evaluator.Fail(this, "integer overflow in negation"),
        LongValue number => LongValue.Of(-number.Value),
        { } other => evaluator.FailType(Operand, "long", other),
        null => null,
    };
}
