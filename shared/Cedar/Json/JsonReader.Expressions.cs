using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Extensions;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Json;

internal sealed partial class JsonReader
{
    // JSON of policies has no positions.
    private static readonly SourcePosition Nowhere = SourcePosition.Start;

    private int _depth;

    private Expression Expression(JsonElement element) => Nested(element, expression =>
    {
        var (name, operands) = Only(expression, "expression");
        return In(name, operands, body => Operation(name, body));
    });

    /// <summary>Bounds recursion, and what evaluation will recurse into.</summary>
    private Expression Nested(JsonElement element, Func<JsonElement, Expression> read)
    {
        // The second test is for a caller who has used up most of the stack already.
        if (++_depth > CedarLimits.ExpressionHeight || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TooDeep();

        var expression = read(element);
        _depth--;
        return expression.Height <= CedarLimits.ExpressionHeight ? expression : throw TooDeep();
    }

    private JsonFault TooDeep() => Fault($"the expression is more than {CedarLimits.ExpressionHeight} operators deep", "split it into several policies");

    private Expression Operation(string name, JsonElement body)
    {
        switch (name)
        {
            case "Value":
                return Constant(body);
            case "Var":
                return new Variable(Nowhere, Text(body) switch
                {
                    "principal" => Variable.Name.Principal,
                    "action" => Variable.Name.Action,
                    "resource" => Variable.Name.Resource,
                    "context" => Variable.Name.Context,
                    _ => throw Fault("there is no such variable", "variables are principal, action, resource and context"),
                });
            case "Slot":
                throw Fault("a slot can stand in the scope only");
            case "!":
                return new Not(Nowhere, Argument(body));
            case "neg":
                return new Negate(Nowhere, Argument(body));
            case "isEmpty":
                return new IsEmpty(Nowhere, Argument(body));
            case "&&" or "||":
                return Chain(name, body);
            case ".":
                Fields(body, "operands", "left", "attr");
                return new GetAttribute(Nowhere, Field(body, "left", Expression), Field(body, "attr", Text));
            case "has":
                Fields(body, "operands", "left", "attr");
                return new HasAttribute(Nowhere, Field(body, "left", Expression), Field(body, "attr", AttributePath));
            case "like":
                Fields(body, "operands", "left", "pattern");
                return new Like(Nowhere, Field(body, "left", Expression), Field(body, "pattern", LikePattern));
            case "is":
                Fields(body, "operands", "left", "entity_type", "in?");
                var within = body.TryGetProperty("in", out var inner) && inner.ValueKind != JsonValueKind.Null ? In("in", inner, Expression) : null;
                return new IsType(Nowhere, Field(body, "left", Expression), Field(body, "entity_type", TypeName), within);
            case "if-then-else":
                Fields(body, "operands", "if", "then", "else");
                return new Conditional(Nowhere, Field(body, "if", Expression), Field(body, "then", Expression), Field(body, "else", Expression));
            case "Set":
                return new SetExpression(Nowhere, Items(body, "expressions", Expression));
            case "Record":
                return Record(body, Expression);
            default:
                return Binary(name, body) ?? Call(name, body);
        }
    }

    private Expression? Binary(string name, JsonElement body)
    {
        Func<Expression, Expression, Expression>? make = name switch
        {
            "==" => static (left, right) => new Equality(Nowhere, left, right, negated: false),
            "!=" => static (left, right) => new Equality(Nowhere, left, right, negated: true),
            "<" => static (left, right) => new Comparison(Nowhere, Comparison.Operator.Less, left, right),
            "<=" => static (left, right) => new Comparison(Nowhere, Comparison.Operator.LessOrEqual, left, right),
            ">" => static (left, right) => new Comparison(Nowhere, Comparison.Operator.Greater, left, right),
            ">=" => static (left, right) => new Comparison(Nowhere, Comparison.Operator.GreaterOrEqual, left, right),
            "+" => static (left, right) => new Arithmetic(Nowhere, Arithmetic.Operator.Add, left, right),
            "-" => static (left, right) => new Arithmetic(Nowhere, Arithmetic.Operator.Subtract, left, right),
            "*" => static (left, right) => new Arithmetic(Nowhere, Arithmetic.Operator.Multiply, left, right),
            "in" => static (left, right) => new Membership(Nowhere, left, right),
            "contains" => static (left, right) => new SetTest(Nowhere, SetTest.Operator.Contains, left, right),
            "containsAll" => static (left, right) => new SetTest(Nowhere, SetTest.Operator.ContainsAll, left, right),
            "containsAny" => static (left, right) => new SetTest(Nowhere, SetTest.Operator.ContainsAny, left, right),
            "hasTag" => static (left, right) => new HasTag(Nowhere, left, right),
            "getTag" => static (left, right) => new GetTag(Nowhere, left, right),
            _ => null,
        };
        if (make is null)
            return null;

        Fields(body, "operands", "left", "right");
        return make(Field(body, "left", Expression), Field(body, "right", Expression));
    }

    private ExtensionCall Call(string name, JsonElement body)
    {
        if (ExtensionFunctions.Find(name) is not { } function)
            throw Fault("there is no such operator or function", Nearest.Hint(name, ExtensionFunctions.Names));

        var arguments = Items(body, "arguments", Expression);
        return arguments.Length > 0 || !function.IsMethod
            ? new ExtensionCall(Nowhere, function, arguments)
            : throw Fault("the method is called on nothing", "its first argument is what it is called on");
    }

    /// <summary>Cedar nests a chain on the left, however long it is. It becomes one node, without recursion.</summary>
    private Expression Chain(string op, JsonElement body)
    {
        var floor = _path.Count;
        var links = new List<JsonElement>();
        while (true)
        {
            Fields(body, "operands", "left", "right");
            links.Add(body);
            if (!body.TryGetProperty("left", out var left) || left.ValueKind != JsonValueKind.Object || left.GetPropertyCount() != 1
                || !left.TryGetProperty(op, out body))
            {
                break;
            }

            _path.Add(("left", 0));
            _path.Add((op, 0));
        }

        var operands = new Expression[links.Count + 1];
        operands[0] = Field(links[^1], "left", Expression);
        for (var i = 1; i < operands.Length; i++)
        {
            operands[i] = Field(links[^i], "right", Expression);
            if (_path.Count > floor)
                _path.RemoveRange(_path.Count - 2, 2);
        }

        return op == "&&" ? new Conjunction(Nowhere, operands) : new Disjunction(Nowhere, operands);
    }

    private Expression Argument(JsonElement body)
    {
        Fields(body, "operand", "arg");
        return Field(body, "arg", Expression);
    }

    private string[] AttributePath(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            return [Text(element)];

        var path = Items(element, "attributes", Text);
        return path.Length > 0 ? path : throw Fault("the path of attributes is empty");
    }

    private Pattern LikePattern(JsonElement element)
    {
        var segments = new List<string>();
        var segment = new StringBuilder();
        foreach (var literal in Items(element, "parts, \"Wildcard\" or {\"Literal\":\"..\"}", PatternPart))
        {
            segment.Append(literal);
            if (literal is not null)
                continue;
            segments.Add(segment.ToString());
            segment.Clear();
        }

        return new Pattern([.. segments, segment.ToString()]);
    }

    /// <returns>Null for the wildcard.</returns>
    private string? PatternPart(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.ValueEquals("Wildcard") ? null : throw Fault("the only part that is a string is \"Wildcard\"", "write {\"Literal\":\"..\"} for text");

        Fields(element, "part of a pattern", "Literal");
        return Field(element, "Literal", Text);
    }

    /// <summary>A value as the syntax that makes it: what is wrong with the argument of an extension shows on evaluation only, as in Cedar.</summary>
    private Expression Constant(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return new SetExpression(Nowhere, Items(element, "values", NestedConstant));
        if (element.ValueKind != JsonValueKind.Object)
            return new Literal(Nowhere, Value(element));

        return EscapeOf(element) switch
        {
            "__entity" or "__expr" => new Literal(Nowhere, Value(element)),
            "__extn" => Field(element, "__extn", ExtensionConstant),
            _ => Record(element, NestedConstant),
        };
    }

    private Expression NestedConstant(JsonElement element) => Nested(element, Constant);

    private Expression ExtensionConstant(JsonElement element)
    {
        var many = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("args", out _);
        Fields(element, "extension value", "fn", many ? "args" : "arg");
        var name = Field(element, "fn", Text);
        if (ExtensionFunctions.Find(name) is not { } function)
            throw Fault("there is no such extension function", "functions are decimal, ip, datetime and duration");

        var arguments = many ? Field(element, "args", array => Items(array, "arguments", NestedConstant)) : [Field(element, "arg", NestedConstant)];
        return arguments.Length > 0 || !function.IsMethod ? new ExtensionCall(Nowhere, function, arguments) : throw Fault("the method is called on nothing");
    }

    private RecordExpression Record(JsonElement element, Func<JsonElement, Expression> read)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected an object, found {Describe(element)}");

        var names = new List<string>();
        var values = new List<Expression>();
        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (!seen.Add(name))
                throw Fault("the object has a name twice");
            names.Add(name);
            values.Add(In(name, property.Value, read));
        }

        return new RecordExpression(Nowhere, [.. names], [.. values]);
    }

    /// <summary>The only name of an object, and its value.</summary>
    private (string Name, JsonElement Value) Only(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected the {what}, an object, found {Describe(element)}");
        if (element.GetPropertyCount() != 1)
            throw Fault($"an {what} has one name, which says what it is, not {element.GetPropertyCount()}");

        foreach (var property in element.EnumerateObject())
            return (property.Name, property.Value);
        throw new InvalidOperationException("The object has a property.");
    }
}
