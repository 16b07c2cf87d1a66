using System.Runtime.CompilerServices;
using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Residuals;

namespace Proofgate.Cedar.Explaining;

/// <summary>Evaluates and keeps every value on the way. What an operator means is still said in one place only: it is asked with its operands known.</summary>
internal sealed class Tracer(Evaluator evaluator)
{
    /// <exception cref="InsufficientExecutionStackException">Whoever asks has used up most of the stack already.</exception>
    public Step Run(Expression expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (expression)
        {
            case Conjunction e:
                return Chain(e, e.Operands, stop: false);
            case Disjunction e:
                return Chain(e, e.Operands, stop: true);
            case Not e:
                var operand = Run(e.Operand);
                return operand.Test is { } test ? Done(e, BoolValue.Of(!test), [operand]) : NoTest(e, [operand]);
            case Conditional e:
                return Choice(e);
            case IsType { Within: { } within } e:
                return Typed(e, within);
            default:
                return expression.Constant is { } constant ? Done(expression, constant, []) : StepByStep(expression);
        }
    }

    private Step Chain(Expression expression, ReadOnlySpan<Expression> operands, bool stop)
    {
        var steps = new List<Step>(operands.Length);
        foreach (var operand in operands)
        {
            var step = Run(operand);
            steps.Add(step);
            if (step.Test is not { } test)
                return NoTest(expression, steps);
            if (test == stop)
                return Done(expression, BoolValue.Of(stop), steps);
        }

        return Done(expression, BoolValue.Of(!stop), steps);
    }

    private Step Choice(Conditional expression)
    {
        var test = Run(expression.Test);
        if (test.Test is not { } holds)
            return NoTest(expression, [test]);

        var branch = Run(holds ? expression.Consequent : expression.Alternative);
        return branch.Value is { } value ? Done(expression, value, [test, branch]) : Failed(expression, branch, [test, branch]);
    }

    private Step Typed(IsType expression, Expression within)
    {
        var target = Run(expression.Target);
        if (target.Value is not { } value)
            return Failed(expression, target, [target]);

        var known = new Literal(expression.Target.Position, value);
        var isType = Ask(expression, new IsType(expression.Position, known, expression.Type, null), [target]);
        if (isType.Test != true)
            return isType;

        var right = Run(within);
        return right.Value is { } inside
            ? Ask(expression, new IsType(expression.Position, known, expression.Type, new Literal(within.Position, inside)), [target, right])
            : Failed(expression, right, [target, right]);
    }

    private Step StepByStep(Expression expression)
    {
        var operands = Strict.OperandsOf(expression) ?? [];
        var steps = new List<Step>(operands.Length);
        foreach (var operand in operands)
        {
            var step = Run(operand);
            steps.Add(step);
            if (step.Value is null)
                return Failed(expression, step, steps);
        }

        return Ask(expression, operands.Length == 0 ? expression : Strict.With(expression, operands, [.. steps.Select(static s => s.Value!)]), steps);
    }

    private Step Ask(Expression expression, Expression known, IReadOnlyList<Step> steps) => known.Evaluate(evaluator) is { } value
        ? Done(expression, value, steps)
        : new Step { Expression = expression, Value = null, Failure = evaluator.Failure, FailedAt = evaluator.FailedAt, Operands = steps };

    private static Step Done(Expression expression, Value value, IReadOnlyList<Step> steps) =>
        new() { Expression = expression, Value = value, Operands = steps };

    private static Step Failed(Expression expression, Step cause, IReadOnlyList<Step> steps) =>
        new() { Expression = expression, Value = null, Failure = cause.Failure, FailedAt = cause.FailedAt, Operands = steps };

    /// <summary>The last operand failed or is no bool.</summary>
    private static Step NoTest(Expression expression, IReadOnlyList<Step> steps) => steps[^1] switch
    {
        { Value: { } value } step => new Step
        {
            Expression = expression,
            Value = null,
            Failure = $"type error: expected bool, got {value.Kind}",
            FailedAt = step.Expression.Position,
            Operands = steps,
        },
        var step => Failed(expression, step, steps),
    };
}
