using System.Runtime.CompilerServices;
using System.Text;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Residuals;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Explaining;

/// <summary>Writes expressions in Cedar syntax, on one line, with no parentheses but those that are needed and sets in one order: the same
/// expression always has the same text, and reading it back gives the same meaning.</summary>
internal sealed class ExpressionText
{
    private readonly StringBuilder _text = new();
    private readonly int _limit;

    private ExpressionText(int limit) => _limit = Math.Max(0, limit);

    private enum Level
    {
        If,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }

    private bool IsFull => _text.Length > _limit;

    public static string Of(Expression expression)
    {
        var text = new ExpressionText(int.MaxValue);
        text.Write(expression, Level.If);
        return text._text.ToString();
    }

    /// <summary>Cut behind so many characters, with dots to say so: for people.</summary>
    public static string Shortened(Expression expression, int length)
    {
        var text = new ExpressionText(length);
        text.Write(expression, Level.If);
        return text.IsFull ? $"{text._text.ToString(0, length)}..." : text._text.ToString();
    }

    /// <inheritdoc cref="Shortened(Expression, int)"/>
    public static string Shortened(Value value, int length) => Shortened(new Literal(SourcePosition.Start, value), length);

    /// <summary>Null if the text has more than <paramref name="limit"/> characters; no more work than for so many is done.</summary>
    public static string? TryWrite(Expression expression, int limit)
    {
        var text = new ExpressionText(limit);
        text.Write(expression, Level.If);
        return text.IsFull ? null : text._text.ToString();
    }

    private void Write(Expression expression, Level least)
    {
        if (IsFull)
            return;

        RuntimeHelpers.EnsureSufficientExecutionStack();
        var needed = LevelOf(expression) < least;
        if (needed)
            _text.Append('(');
        Write(expression);
        if (needed)
            _text.Append(')');
    }

    private static Level LevelOf(Expression expression) => expression switch
    {
        Conditional => Level.If,
        Disjunction => Level.Or,
        Conjunction => Level.And,
        Equality or Comparison or Membership or HasAttribute or Like or IsType => Level.Relation,
        Arithmetic { Op: Arithmetic.Operator.Multiply } => Level.Product,
        Arithmetic => Level.Sum,
        Not or Negate or Literal { Value: LongValue { Value: < 0 } } => Level.Unary,
        _ => Level.Member,
    };

    /// <summary>Only tells the kinds apart: this is on the stack once for each level, so what has locals is in methods of its own.</summary>
    private void Write(Expression expression)
    {
        switch (expression)
        {
            case Literal e:
                Write(e.Value);
                break;
            case Variable e:
                _text.Append(NameOf(e));
                break;
            case Conditional e:
                Choice(e);
                break;
            case Disjunction e:
                Join(e.Operands, " || ", Level.And);
                break;
            case Conjunction e:
                Join(e.Operands, " && ", Level.Relation);
                break;
            case Equality e:
                Infix(e.Left, e.Negated ? " != " : " == ", e.Right, Level.Sum, Level.Sum);
                break;
            case Comparison e:
                Infix(e.Left, SignOf(e), e.Right, Level.Sum, Level.Sum);
                break;
            case Membership e:
                Infix(e.Left, " in ", e.Right, Level.Sum, Level.Sum);
                break;
            case Arithmetic e:
                Infix(e.Left, SignOf(e), e.Right, LevelOf(e), LevelOf(e) + 1);
                break;
            case HasAttribute e:
                Write(e.Target, Level.Sum);
                AppendHas(e);
                break;
            case Like e:
                Write(e.Target, Level.Sum);
                _text.Append(" like ");
                Write(e.Pattern);
                break;
            case IsType e:
                Typed(e);
                break;
            case Not e:
                _text.Append('!');
                Write(e.Operand, Level.Member);
                break;
            case Negate e:
                // A number directly behind the minus would be read as one with it.
                _text.Append('-');
                Write(e.Operand, e.Operand is Literal ? Level.Member + 1 : Level.Member);
                break;
            default:
                WriteMember(expression);
                break;
        }
    }

    private void WriteMember(Expression expression)
    {
        switch (expression)
        {
            case GetAttribute e:
                Write(e.Target, Level.Member);
                AppendAttribute(e.Name);
                break;
            case GetTag e:
                Method(e.Target, "getTag", [e.Name]);
                break;
            case HasTag e:
                Method(e.Target, "hasTag", [e.Name]);
                break;
            case IsEmpty e:
                Method(e.Target, "isEmpty", []);
                break;
            case SetTest e:
                Method(e.Target, NameOf(e), [e.Argument]);
                break;
            case ExtensionCall { Function.IsMethod: true, Arguments.Length: > 0 } e:
                Method(e.Arguments[0], e.Function.Name, e.Arguments[1..]);
                break;
            case ExtensionCall e:
                _text.Append(e.Function.Name);
                Enclosed('(', e.Arguments, ')');
                break;
            case SetExpression e:
                Enclosed('[', e.Items, ']');
                break;
            case RecordExpression e:
                Record(e);
                break;
            case Failing:
                _text.Append("{}.error");
                break;
            case Holding e:
                Enclosed("holds(", e.Expected ? e.Operand : new Not(e.Position, e.Operand));
                break;
            default:
                throw new InvalidOperationException($"{expression.GetType().Name} has no text.");
        }
    }

    private static string NameOf(Variable variable) => variable.Which switch
    {
        Variable.Name.Principal => "principal",
        Variable.Name.Action => "action",
        Variable.Name.Resource => "resource",
        _ => "context",
    };

    private static string NameOf(SetTest test) => test.Op switch
    {
        SetTest.Operator.Contains => "contains",
        SetTest.Operator.ContainsAll => "containsAll",
        _ => "containsAny",
    };

    private static string SignOf(Comparison comparison) => comparison.Op switch
    {
        Comparison.Operator.Less => " < ",
        Comparison.Operator.LessOrEqual => " <= ",
        Comparison.Operator.Greater => " > ",
        _ => " >= ",
    };

    private static string SignOf(Arithmetic arithmetic) => arithmetic.Op switch
    {
        Arithmetic.Operator.Add => " + ",
        Arithmetic.Operator.Subtract => " - ",
        _ => " * ",
    };

    private void Choice(Conditional expression)
    {
        _text.Append("if ");
        Write(expression.Test, Level.If);
        _text.Append(" then ");
        Write(expression.Consequent, Level.If);
        _text.Append(" else ");
        Write(expression.Alternative, Level.If);
    }

    private void Typed(IsType expression)
    {
        Write(expression.Target, Level.Sum);
        _text.Append(" is ").Append(expression.Type);
        if (expression.Within is not null)
        {
            _text.Append(" in ");
            Write(expression.Within, Level.Sum);
        }
    }

    private void AppendHas(HasAttribute expression)
    {
        _text.Append(" has ");
        for (var i = 0; i < expression.Path.Length; i++)
            _text.Append(i > 0 ? "." : "").Append(IsName(expression.Path[i]) ? expression.Path[i] : Quoted(expression.Path[i]));
    }

    private void AppendAttribute(string name)
    {
        if (IsName(name))
            _text.Append('.').Append(name);
        else
            _text.Append('[').Append(Quoted(name)).Append(']');
    }

    private void Record(RecordExpression expression)
    {
        _text.Append('{');
        for (var i = 0; i < expression.Values.Length && !IsFull; i++)
        {
            AppendName(i, expression.Names[i]);
            Write(expression.Values[i], Level.If);
        }

        _text.Append('}');
    }

    private void AppendName(int index, string name) => _text.Append(index > 0 ? ", " : "").Append(Quoted(name)).Append(": ");

    private void Enclosed(char open, ReadOnlySpan<Expression> operands, char close)
    {
        _text.Append(open);
        Join(operands, ", ", Level.If);
        _text.Append(close);
    }

    private void Enclosed(string open, Expression operand)
    {
        _text.Append(open);
        Write(operand, Level.If);
        _text.Append(')');
    }

    private void Method(Expression target, string name, ReadOnlySpan<Expression> arguments)
    {
        Write(target, Level.Member);
        _text.Append('.').Append(name).Append('(');
        Join(arguments, ", ", Level.If);
        _text.Append(')');
    }

    private void Infix(Expression left, string sign, Expression right, Level leftLevel, Level rightLevel)
    {
        Write(left, leftLevel);
        _text.Append(sign);
        Write(right, rightLevel);
    }

    private void Join(ReadOnlySpan<Expression> operands, string separator, Level level)
    {
        for (var i = 0; i < operands.Length && !IsFull; i++)
        {
            _text.Append(i > 0 ? separator : "");
            Write(operands[i], level);
        }
    }

    private void Write(Value value)
    {
        switch (value)
        {
            case StringValue text:
                _text.Append(Quoted(text.Value));
                break;
            case EntityValue entity:
                _text.Append(entity.Uid.Type).Append("::").Append(Quoted(entity.Uid.Id));
                break;
            case RecordValue record:
                _text.Append('{');
                for (var i = 0; i < record.Count && !IsFull; i++)
                {
                    _text.Append(i > 0 ? ", " : "").Append(Quoted(record.Names[i])).Append(": ");
                    Write(record.Values[i]);
                }

                _text.Append('}');
                break;
            case SetValue set:
                Write(set);
                break;
            default:
                _text.Append(value);
                break;
        }
    }

    /// <summary>The elements in the order of their texts. A set that is too large is not sorted: its text is not used.</summary>
    private void Write(SetValue set)
    {
        var items = new List<string>(Math.Min(set.Count, 1024));
        var length = _text.Length;
        foreach (var item in set.AsSpan())
        {
            var inner = new ExpressionText(_limit - length);
            inner.Write(item);
            items.Add(inner._text.ToString());
            length += inner._text.Length;
            if (length > _limit)
                break;
        }

        items.Sort(StringComparer.Ordinal);
        _text.Append('[').AppendJoin(", ", items).Append(']');
    }

    /// <summary>As a literal; a text that is too long anyway is not gone through.</summary>
    private string Quoted(string text) => StringLiteral.Quote(text.Length > _limit ? text[.._limit] + "..." : text);

    private static bool IsName(string name) => Names.IsIdentifier(name) && !Names.IsReserved(name);

    private void Write(Pattern pattern)
    {
        _text.Append('"');
        for (var i = 0; i < pattern.Segments.Length && !IsFull; i++)
        {
            _text.Append(i > 0 ? "*" : "");
            foreach (var c in pattern.Segments[i])
            {
                if (c == '*')
                    _text.Append("\\*");
                else
                    StringLiteral.AppendEscaped(_text, c);
            }
        }

        _text.Append('"');
    }
}
