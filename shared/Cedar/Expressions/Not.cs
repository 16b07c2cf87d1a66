using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>!operand</c>.</summary>
internal sealed class Not : Expression
{
    public Not(SourcePosition position, Expression operand)
        : base(position)
    {
        Operand = operand;
        Height = Above(operand);
    }

    public Expression Operand { get; }

    public override Value? Evaluate(Evaluator evaluator) =>
        evaluator.Test(Operand) is { } test ? BoolValue.Of(!test) : null;
}
