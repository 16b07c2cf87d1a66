using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Residuals;

/// <summary>Expressions that always evaluate all their operands, in order: all but <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, <c>if</c> and
/// <c>is ... in</c>. With other operands in their place they can be evaluated a step at a time.</summary>
internal static class Strict
{
    /// <summary>The operands; null if the expression is not strict, empty if it has none.</summary>
    public static Expression[]? OperandsOf(Expression expression) => expression switch
    {
        Literal or Variable => [],
        Arithmetic e => [e.Left, e.Right],
        Comparison e => [e.Left, e.Right],
        Equality e => [e.Left, e.Right],
        Membership e => [e.Left, e.Right],
        SetTest e => [e.Target, e.Argument],
        HasTag e => [e.Target, e.Name],
        GetTag e => [e.Target, e.Name],
        GetAttribute e => [e.Target],
        HasAttribute e => [e.Target],
        IsEmpty e => [e.Target],
        IsType { Within: null } e => [e.Target],
        Like e => [e.Target],
        Negate e => [e.Operand],
        SetExpression e => [.. e.Items],
        RecordExpression e => [.. e.Values],
        ExtensionCall e => [.. e.Arguments],
        _ => null,
    };

    /// <summary>The same expression with other operands, as many as <see cref="OperandsOf"/> gave.</summary>
    public static Expression With(Expression expression, Expression[] operands) => expression switch
    {
        Arithmetic e => new Arithmetic(e.Position, e.Op, operands[0], operands[1]),
        Comparison e => new Comparison(e.Position, e.Op, operands[0], operands[1]),
        Equality e => new Equality(e.Position, operands[0], operands[1], e.Negated),
        Membership e => new Membership(e.Position, operands[0], operands[1]),
        SetTest e => new SetTest(e.Position, e.Op, operands[0], operands[1]),
        HasTag e => new HasTag(e.Position, operands[0], operands[1]),
        GetTag e => new GetTag(e.Position, operands[0], operands[1]),
        GetAttribute e => new GetAttribute(e.Position, operands[0], e.Name),
        HasAttribute e => new HasAttribute(e.Position, operands[0], [.. e.Path]),
        IsEmpty e => new IsEmpty(e.Position, operands[0]),
        IsType e => new IsType(e.Position, operands[0], e.Type, null),
        Like e => new Like(e.Position, operands[0], e.Pattern),
        Negate e => new Negate(e.Position, operands[0]),
        SetExpression e => new SetExpression(e.Position, operands),
        RecordExpression e => new RecordExpression(e.Position, [.. e.Names], operands),
        ExtensionCall e => new ExtensionCall(e.Position, e.Function, operands),
        _ => expression,
    };

    /// <summary>The same expression with operands that are known.</summary>
    public static Expression With(Expression expression, Expression[] operands, Value[] values) =>
        With(expression, [.. operands.Zip(values, (operand, value) => new Literal(operand.Position, value))]);
}
