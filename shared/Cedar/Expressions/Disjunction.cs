using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>a || b || ...</c>: one chain is one node. Stops at the first true.</summary>
internal sealed class Disjunction : Expression
{
    private readonly Expression[] _operands;

    public Disjunction(SourcePosition position, Expression[] operands)
        : base(position)
    {
        _operands = operands;
        Height = Above(operands);
    }

    public ReadOnlySpan<Expression> Operands => _operands;

    public override Value? Evaluate(Evaluator evaluator)
    {
        foreach (var operand in _operands)
        {
            switch (evaluator.Test(operand))
            {
                case null:
                    return null;
                case true:
                    return BoolValue.True;
            }
        }

        return BoolValue.False;
    }
}
