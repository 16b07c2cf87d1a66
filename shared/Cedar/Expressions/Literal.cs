using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary>A bool, long, string or entity written in the policy.</summary>
internal sealed class Literal(SourcePosition position, Value value) : Expression(position)
{
    public Value Value { get; } = value;

    public override Value? Constant => Value;

    public override Value? Evaluate(Evaluator evaluator) => Value;
}
