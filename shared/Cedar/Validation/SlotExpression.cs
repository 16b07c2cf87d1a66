using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Validation;

/// <summary><c>?principal</c> or <c>?resource</c> in the scope of a template, for the type checker only.</summary>
internal sealed class SlotExpression(SourcePosition position, bool isPrincipal) : Expression(position)
{
    public bool IsPrincipal { get; } = isPrincipal;

    public override Value? Evaluate(Evaluator evaluator) => evaluator.Fail(this, "a template decides nothing until it is linked");
}
