using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>string like "pattern"</c>, where a star matches any number of characters.</summary>
internal sealed class Like : Expression
{
    public Like(SourcePosition position, Expression target, Pattern pattern)
        : base(position)
    {
        (Target, Pattern) = (target, pattern);
        Height = Above(target);
    }

    public Expression Target { get; }

    public Pattern Pattern { get; }

    public override Value? Evaluate(Evaluator evaluator) => Target.Evaluate(evaluator) switch
    {
        StringValue text => BoolValue.Of(Pattern.Matches(text.Value)),
        { } other => evaluator.FailType(Target, "string", other),
        null => null,
    };
}
