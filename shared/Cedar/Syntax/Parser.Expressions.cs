using System.Globalization;
using System.Runtime.CompilerServices;
using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Syntax;

internal sealed partial class Parser
{
    private const int UnaryOperators = 4;

    private Expression Expression()
    {
        // The second test is for a caller who has used up most of the stack already.
        if (++_nesting > CedarLimits.Nesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Fault($"the expression is nested more than {CedarLimits.Nesting} levels deep", "split it into several policies");

        var expression = AtWord("if") ? Conditional() : Or();
        _nesting--;
        return expression;
    }

    private Conditional Conditional()
    {
        var position = _token.Position;
        Advance();
        var test = Expression();
        if (!AcceptWord("then"))
            throw Unexpected("an operator or `then`");
        var consequent = Expression();
        if (!AcceptWord("else"))
            throw Unexpected("an operator or `else`", "`if` always needs its `else`");
        return Bounded(new Conditional(position, test, consequent, Expression()));
    }

    private Expression Or()
    {
        var position = _token.Position;
        var first = And();
        if (!At(TokenKind.Or))
            return first;

        var operands = new List<Expression> { first };
        while (Accept(TokenKind.Or))
            operands.Add(And());
        return Bounded(new Disjunction(position, [.. operands]));
    }

    private Expression And()
    {
        var position = _token.Position;
        var first = Relation();
        if (!At(TokenKind.And))
            return first;

        var operands = new List<Expression> { first };
        while (Accept(TokenKind.And))
            operands.Add(Relation());
        return Bounded(new Conjunction(position, [.. operands]));
    }

    private Expression Relation()
    {
        var position = _token.Position;
        var left = Sum();
        var relation = RelationAfter(position, left);
        if (relation is null)
            return left;
        if (IsRelation())
            throw Fault("relations cannot be chained", "put parentheses around one of them");
        return Bounded(relation);
    }

    private bool IsRelation() => _token.Kind is TokenKind.EqualEqual or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual
        or TokenKind.Greater or TokenKind.GreaterOrEqual or TokenKind.Equal || AtWord("in") || AtWord("has") || AtWord("like") || AtWord("is");

    private Expression? RelationAfter(SourcePosition position, Expression left)
    {
        switch (_token.Kind)
        {
            case TokenKind.EqualEqual:
                return new Equality(position, left, Operand(), negated: false);
            case TokenKind.NotEqual:
                return new Equality(position, left, Operand(), negated: true);
            case TokenKind.Less:
                return new Comparison(position, Comparison.Operator.Less, left, Operand());
            case TokenKind.LessOrEqual:
                return new Comparison(position, Comparison.Operator.LessOrEqual, left, Operand());
            case TokenKind.Greater:
                return new Comparison(position, Comparison.Operator.Greater, left, Operand());
            case TokenKind.GreaterOrEqual:
                return new Comparison(position, Comparison.Operator.GreaterOrEqual, left, Operand());
            case TokenKind.Equal:
                throw Fault("`=` is not an operator", "write `==`");
            case TokenKind.Identifier:
                break;
            default:
                return null;
        }

        if (AtWord("in"))
            return new Membership(position, left, Operand());
        if (AcceptWord("has"))
            return new HasAttribute(position, left, AttributePath());
        if (AcceptWord("like"))
            return new Like(position, left, LikePattern());
        if (!AcceptWord("is"))
            return null;

        var type = TypeName();
        return new IsType(position, left, type, AtWord("in") ? Operand() : null);
    }

    /// <summary>What stands behind the operator at the current token.</summary>
    private Expression Operand()
    {
        Advance();
        return Sum();
    }

    private string[] AttributePath()
    {
        if (At(TokenKind.String))
            return [StringToken("an attribute")];

        var path = new List<string> { Identifier("an attribute: a name or a string") };
        while (Accept(TokenKind.Dot))
            path.Add(Identifier("an attribute"));
        return [.. path];
    }

    private Pattern LikePattern()
    {
        if (!At(TokenKind.String))
            throw Unexpected("a pattern, which is a string", "a pattern cannot be computed");

        var segments = StringDecoder.DecodePattern(Spelling[1..^1], out var faultAt, out var fault) ?? throw InString(faultAt, fault!);
        Advance();
        return new Pattern(segments);
    }

    private Expression Sum()
    {
        var position = _token.Position;
        var left = Product();
        while (_token.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var op = At(TokenKind.Plus) ? Arithmetic.Operator.Add : Arithmetic.Operator.Subtract;
            Advance();
            left = Bounded(new Arithmetic(position, op, left, Product()));
        }

        return left;
    }

    private Expression Product()
    {
        var position = _token.Position;
        var left = Unary();
        while (_token.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            if (!At(TokenKind.Star))
                throw Fault($"Cedar has no operator `{Spelling}`", "multiply the other side instead");
            Advance();
            left = Bounded(new Arithmetic(position, Arithmetic.Operator.Multiply, left, Unary()));
        }

        return left;
    }

    private Expression Unary()
    {
        var position = _token.Position;
        var kind = _token.Kind;
        if (kind is not (TokenKind.Not or TokenKind.Minus))
            return Member();

        var count = 0;
        while (Accept(kind))
        {
            if (++count > UnaryOperators)
                throw Fault($"more than {UnaryOperators} unary operators in a row");
        }

        if (_token.Kind is TokenKind.Not or TokenKind.Minus)
            throw Fault("`!` and `-` cannot follow each other", "use parentheses");

        Expression operand;
        if (kind == TokenKind.Minus && At(TokenKind.Number) && TryNegativeLiteral() is { } literal)
        {
            operand = literal;
            count--;
        }
        else
        {
            operand = Member();
        }

        for (; count > 0; count--)
            operand = kind == TokenKind.Not ? new Not(position, operand) : new Negate(position, operand);
        return Bounded(operand);
    }

    /// <summary>A minus directly before a number belongs to it, or the lowest long could not be written. Not so in <c>-1.attribute</c>.</summary>
    private Expression? TryNegativeLiteral()
    {
        var position = _token.Position;
        var magnitude = Magnitude();
        if (_token.Kind is not (TokenKind.Dot or TokenKind.LeftBracket or TokenKind.LeftParenthesis))
            return new Literal(position, LongValue.Of(unchecked((long)(0 - magnitude))));

        if (magnitude > long.MaxValue)
            throw new SyntaxException(position, "the number is too large", $"the largest is {long.MaxValue}");
        return new Negate(position, Accessors(position, new Literal(position, LongValue.Of((long)magnitude))));
    }

    private ulong Magnitude()
    {
        const ulong highest = (ulong)long.MaxValue + 1;
        if (!ulong.TryParse(Spelling, NumberStyles.None, CultureInfo.InvariantCulture, out var magnitude)
            || magnitude > highest)
        {
            throw Fault("the number is too large", $"numbers go from {long.MinValue} to {long.MaxValue}");
        }

        Advance();
        return magnitude;
    }

    private static T Bounded<T>(T expression)
        where T : Expression =>
        expression.Height <= CedarLimits.ExpressionHeight
            ? expression
            : throw new SyntaxException(expression.Position, $"the expression is more than {CedarLimits.ExpressionHeight} operators deep", "split it into several policies");
}
