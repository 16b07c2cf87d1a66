using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary>One of the four parts of a request.</summary>
internal sealed class Variable(SourcePosition position, Variable.Name which) : Expression(position)
{
    public enum Name
    {
        Principal,
        Action,
        Resource,
        Context,
    }

    public Name Which { get; } = which;

    public override Value? Evaluate(Evaluator evaluator) => evaluator.ValueOf(Which);
}
