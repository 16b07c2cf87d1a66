using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary>A node of a condition: Cedar's abstract syntax and its meaning. Immutable and shared by all threads.</summary>
internal abstract class Expression(SourcePosition position)
{
    public SourcePosition Position { get; } = position;

    /// <summary>Levels of nodes from here down, at least 1. Evaluation recurses this deep; the parser bounds it.</summary>
    public int Height { get; protected init; } = 1;

    /// <summary>The value, where it does not depend on the request and cannot fail: computed once, when the policy is read.</summary>
    public virtual Value? Constant => null;

    /// <summary>The value, or null if evaluation failed; the evaluator then knows why.</summary>
    public abstract Value? Evaluate(Evaluator evaluator);

    private protected static int Above(params ReadOnlySpan<Expression> children)
    {
        var height = 0;
        foreach (var child in children)
            height = Math.Max(height, child.Height);
        return height + 1;
    }
}
