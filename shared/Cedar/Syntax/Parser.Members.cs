using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Extensions;

namespace Proofgate.Cedar.Syntax;

internal sealed partial class Parser
{
    private static readonly string[] Methods = ["contains", "containsAll", "containsAny", "isEmpty", "hasTag", "getTag"];

    private Expression Member()
    {
        var position = _token.Position;
        return Accessors(position, Primary());
    }

    private Expression Accessors(SourcePosition position, Expression target)
    {
        while (true)
        {
            switch (_token.Kind)
            {
                case TokenKind.Dot:
                    Advance();
                    var at = _token.Position;
                    var name = Identifier("an attribute or method");
                    target = Bounded(At(TokenKind.LeftParenthesis) ? Method(position, at, target, name) : new GetAttribute(position, target, name));
                    break;
                case TokenKind.LeftBracket:
                    Advance();
                    if (!At(TokenKind.String))
                        throw Unexpected("the name of an attribute, a string", "an attribute's name cannot be computed; tags can: entity.getTag(name)");
                    target = Bounded(new GetAttribute(position, target, StringToken("an attribute")));
                    Expect(TokenKind.RightBracket, "`]`");
                    break;
                case TokenKind.LeftParenthesis:
                    throw Fault("this cannot be called", "functions are decimal, ip, datetime and duration");
                default:
                    return target;
            }
        }
    }

    private Expression Method(SourcePosition position, SourcePosition at, Expression target, string name)
    {
        Advance();
        var arguments = List(TokenKind.RightParenthesis, "`,` or `)`");
        switch (name)
        {
            case "contains":
                return new SetTest(position, SetTest.Operator.Contains, target, Only(at, name, arguments));
            case "containsAll":
                return new SetTest(position, SetTest.Operator.ContainsAll, target, Only(at, name, arguments));
            case "containsAny":
                return new SetTest(position, SetTest.Operator.ContainsAny, target, Only(at, name, arguments));
            case "hasTag":
                return new HasTag(position, target, Only(at, name, arguments));
            case "getTag":
                return new GetTag(position, target, Only(at, name, arguments));
            case "isEmpty":
                return arguments.Count == 0
                    ? new IsEmpty(position, target)
                    : throw new SyntaxException(at, $"`isEmpty` takes no arguments, not {arguments.Count}", null);
        }

        return ExtensionFunctions.Find(name) switch
        {
            { IsMethod: true } method => new ExtensionCall(position, method, [target, .. arguments]),
            { } function => throw new SyntaxException(at, $"`{function.Name}` is a function, not a method", $"write {function.Name}(...)"),
            null => throw new SyntaxException(at, $"there is no method `{name}`", Nearest.Hint(name, [.. Methods, .. ExtensionFunctions.Names])),
        };
    }

    private static Expression Only(SourcePosition at, string name, List<Expression> arguments) =>
        arguments.Count == 1 ? arguments[0] : throw new SyntaxException(at, $"`{name}` takes one argument, not {arguments.Count}", null);

    private Expression Primary()
    {
        var position = _token.Position;
        switch (_token.Kind)
        {
            case TokenKind.Number:
                var magnitude = Magnitude();
                return magnitude <= long.MaxValue
                    ? new Literal(position, LongValue.Of((long)magnitude))
                    : throw new SyntaxException(position, "the number is too large", $"the largest is {long.MaxValue}");
            case TokenKind.String:
                return new Literal(position, new StringValue(StringToken("a string")));
            case TokenKind.LeftParenthesis:
                Advance();
                var inner = Expression();
                Expect(TokenKind.RightParenthesis, "an operator or `)`");
                return inner;
            case TokenKind.LeftBracket:
                Advance();
                return Bounded(new SetExpression(position, [.. List(TokenKind.RightBracket, "`,` or `]`")]));
            case TokenKind.LeftBrace:
                Advance();
                return Bounded(Record(position));
            case TokenKind.Slot:
                throw Fault($"the slot `{Spelling}` can stand in the scope only", "write `principal == ?principal` in the scope, and `principal` here");
            case TokenKind.Identifier:
                return Name(position);
            default:
                throw Unexpected("an expression");
        }
    }

    private Expression Name(SourcePosition position)
    {
        if (AcceptWord("true"))
            return new Literal(position, BoolValue.True);
        if (AcceptWord("false"))
            return new Literal(position, BoolValue.False);
        if (AtWord("if"))
            throw Fault("`if` must be put in parentheses here", "write (if ... then ... else ...)");

        var (name, isOpen) = Path("an expression");
        if (isOpen)
        {
            return At(TokenKind.String)
                ? new Literal(position, new EntityValue(new EntityUid(name, StringToken("the entity's id, a string"))))
                : throw Fault("an entity's id must be a string", $"write {name}::\"id\"");
        }

        if (At(TokenKind.LeftParenthesis))
            return Function(position, name);

        return name switch
        {
            "principal" => new Variable(position, Variable.Name.Principal),
            "action" => new Variable(position, Variable.Name.Action),
            "resource" => new Variable(position, Variable.Name.Resource),
            "context" => new Variable(position, Variable.Name.Context),
            _ => throw new SyntaxException(position, $"`{name}` is not a variable",
                $"variables are principal, action, resource and context; an attribute is written context.{name}, an entity {name}::\"id\""),
        };
    }

    private ExtensionCall Function(SourcePosition position, string name)
    {
        if (ExtensionFunctions.Find(name) is not { } function)
        {
            throw Array.IndexOf(Methods, name) >= 0
                ? new SyntaxException(position, $"`{name}` is a method, not a function", $"write value.{name}(...)")
                : new SyntaxException(position, $"there is no function `{name}`", "functions are decimal, ip, datetime and duration");
        }

        if (function.IsMethod)
            throw new SyntaxException(position, $"`{name}` is a method, not a function", $"write value.{name}(...)");

        Advance();
        return Bounded(new ExtensionCall(position, function, [.. List(TokenKind.RightParenthesis, "`,` or `)`")]));
    }

    private RecordExpression Record(SourcePosition position)
    {
        var names = new List<string>();
        var values = new List<Expression>();
        var seen = new HashSet<string>();
        while (!At(TokenKind.RightBrace))
        {
            var at = _token.Position;
            var name = At(TokenKind.String) ? StringToken("an attribute") : Identifier("an attribute: a name or a string");
            if (!seen.Add(name))
                throw new SyntaxException(at, $"the attribute {StringLiteral.Quote(name)} occurs twice", null);

            Expect(TokenKind.Colon, "`:`");
            names.Add(name);
            values.Add(Expression());
            if (!Accept(TokenKind.Comma))
                break;
        }

        Expect(TokenKind.RightBrace, "`,` or `}`");
        return new RecordExpression(position, [.. names], [.. values]);
    }

    private List<Expression> List(TokenKind end, string what)
    {
        var items = new List<Expression>();
        while (!At(end))
        {
            items.Add(Expression());
            if (!Accept(TokenKind.Comma))
                break;
        }

        Expect(end, what);
        return items;
    }
}
