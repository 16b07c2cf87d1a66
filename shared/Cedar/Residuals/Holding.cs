using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Residuals;

/// <summary>Whether an expression is, without an error, the expected bool. No policy can say this; <see cref="ResidualExpression.Holds"/> does.</summary>
internal sealed class Holding : Expression
{
    public Holding(Expression operand, bool expected)
        : base(operand.Position)
    {
        (Operand, Expected) = (operand, expected);
        Height = Above(operand);
    }

    public Expression Operand { get; }

    public bool Expected { get; }

    public override Value? Evaluate(Evaluator evaluator) => BoolValue.Of(evaluator.Test(Operand) == Expected);
}
