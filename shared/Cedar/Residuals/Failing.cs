using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Residuals;

/// <summary>An expression that has failed already, whatever the unknown turns out to be.</summary>
internal sealed class Failing(SourcePosition position, string message) : Expression(position)
{
    public override Value? Evaluate(Evaluator evaluator) => evaluator.Fail(this, message);
}
