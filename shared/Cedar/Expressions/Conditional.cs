using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>if test then consequent else alternative</c>. Only the branch taken is evaluated.</summary>
internal sealed class Conditional : Expression
{
    public Conditional(SourcePosition position, Expression test, Expression consequent, Expression alternative)
        : base(position)
    {
        (Test, Consequent, Alternative) = (test, consequent, alternative);
        Height = Above(test, consequent, alternative);
    }

    public Expression Test { get; }

    public Expression Consequent { get; }

    public Expression Alternative { get; }

    public override Value? Evaluate(Evaluator evaluator) => evaluator.Test(Test) switch
    {
        true => Consequent.Evaluate(evaluator),
        false => Alternative.Evaluate(evaluator),
        null => null,
    };
}
