using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>a &amp;&amp; b &amp;&amp; ...</c>: one chain is one node, so that its length adds no height. Stops at the first false.</summary>
internal sealed class Conjunction : Expression
{
    private readonly Expression[] _operands;

    public Conjunction(SourcePosition position, Expression[] operands)
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
                case false:
                    return BoolValue.False;
            }
        }

        return BoolValue.True;
    }
}
