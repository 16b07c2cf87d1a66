using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Validation;

/// <summary>Numbers expressions so that equal ones, wherever they stand, have one number. The spellings of one thing are equal:
/// <c>a != b</c> and <c>!(a == b)</c>, <c>a &gt; b</c> and <c>!(a &lt;= b)</c>.</summary>
internal sealed class ShapeTable
{
    private readonly Dictionary<Expression, int> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Key, int> _numbers = [];

    private enum Kind
    {
        End,
        Next,
        Literal,
        Text,
        Variable,
        Slot,
        If,
        And,
        Or,
        Not,
        Negate,
        Equal,
        Less,
        LessOrEqual,
        Add,
        Subtract,
        Multiply,
        In,
        Is,
        HasAttribute,
        GetAttribute,
        HasTag,
        GetTag,
        Like,
        Contains,
        ContainsAll,
        ContainsAny,
        IsEmpty,
        Set,
        Record,
        Call,
        Other,
    }

    /// <summary>Walks each expression once. The height of expressions is bounded.</summary>
    public int Of(Expression expression)
    {
        if (_known.TryGetValue(expression, out var number))
            return number;

        number = Walk(expression);
        _known.Add(expression, number);
        return number;
    }

    /// <summary>The name of an attribute, as the literal that it would be.</summary>
    public int OfName(string name) => Number(Kind.Literal, value: new StringValue(name));

    /// <summary><c>target.name</c>, for an expression that is not there itself.</summary>
    public int OfAttribute(int target, string name) => Number(Kind.GetAttribute, target, text: name);

    private int Walk(Expression expression)
    {
        switch (expression)
        {
            case Literal literal:
                return Number(Kind.Literal, value: literal.Value);
            case Variable variable:
                return Number(Kind.Variable, (int)variable.Which);
            case SlotExpression slot:
                return Number(Kind.Slot, slot.IsPrincipal ? 1 : 0);
            case Conditional conditional:
                return Number(Kind.If, Of(conditional.Test), Number(Kind.Next, Of(conditional.Consequent), Of(conditional.Alternative)));
            case Conjunction conjunction:
                return Chain(Kind.And, conjunction.Operands);
            case Disjunction disjunction:
                return Chain(Kind.Or, disjunction.Operands);
            case Not not:
                return Number(Kind.Not, Of(not.Operand));
            case Negate negate:
                return Number(Kind.Negate, Of(negate.Operand));
            case Equality equality:
                var equal = Number(Kind.Equal, Of(equality.Left), Of(equality.Right));
                return equality.Negated ? Number(Kind.Not, equal) : equal;
            case Comparison comparison:
                return Compare(comparison);
            case Arithmetic arithmetic:
                var operation = arithmetic.Op switch
                {
                    Arithmetic.Operator.Add => Kind.Add,
                    Arithmetic.Operator.Subtract => Kind.Subtract,
                    _ => Kind.Multiply,
                };
                return Number(operation, Of(arithmetic.Left), Of(arithmetic.Right));
            case Membership membership:
                return Number(Kind.In, Of(membership.Left), Of(membership.Right));
            case IsType isType:
                var type = Number(Kind.Is, Of(isType.Target), text: isType.Type);
                return isType.Within is null ? type : Number(Kind.And, type, Number(Kind.In, Of(isType.Target), Of(isType.Within)));
            case HasAttribute has:
                return Path(has);
            case GetAttribute get:
                return OfAttribute(Of(get.Target), get.Name);
            case HasTag has:
                return Number(Kind.HasTag, Of(has.Target), Of(has.Name));
            case GetTag get:
                return Number(Kind.GetTag, Of(get.Target), Of(get.Name));
            case Like like:
                return Number(Kind.Like, Of(like.Target), Texts(like.Pattern.Segments));
            case SetTest test:
                var kind = test.Op switch
                {
                    SetTest.Operator.Contains => Kind.Contains,
                    SetTest.Operator.ContainsAll => Kind.ContainsAll,
                    _ => Kind.ContainsAny,
                };
                return Number(kind, Of(test.Target), Of(test.Argument));
            case IsEmpty isEmpty:
                return Number(Kind.IsEmpty, Of(isEmpty.Target));
            case SetExpression set:
                return Number(Kind.Set, List(set.Items));
            case RecordExpression record:
                return Record(record);
            case ExtensionCall call:
                return Number(Kind.Call, List(call.Arguments), text: call.Function.Name);
            default:
                return Number(Kind.Other, _known.Count);
        }
    }

    private int Compare(Comparison comparison)
    {
        var (left, right) = (Of(comparison.Left), Of(comparison.Right));
        return comparison.Op switch
        {
            Comparison.Operator.Less => Number(Kind.Less, left, right),
            Comparison.Operator.LessOrEqual => Number(Kind.LessOrEqual, left, right),
            Comparison.Operator.Greater => Number(Kind.Not, Number(Kind.LessOrEqual, left, right)),
            _ => Number(Kind.Not, Number(Kind.Less, left, right)),
        };
    }

    private int Path(HasAttribute has)
    {
        var target = Of(has.Target);
        var number = Number(Kind.HasAttribute, target, text: has.Path[0]);
        for (var i = 1; i < has.Path.Length; i++)
        {
            target = OfAttribute(target, has.Path[i - 1]);
            number = Number(Kind.And, number, Number(Kind.HasAttribute, target, text: has.Path[i]));
        }

        return number;
    }

    /// <summary>The order of attributes means nothing.</summary>
    private int Record(RecordExpression record)
    {
        var names = record.Names.ToArray();
        var values = record.Values.ToArray();
        Array.Sort(names, values, StringComparer.Ordinal);
        return Number(Kind.Record, List(values), Texts(names));
    }

    private int Chain(Kind kind, ReadOnlySpan<Expression> operands)
    {
        var number = Of(operands[0]);
        foreach (var operand in operands[1..])
            number = Number(kind, number, Of(operand));
        return number;
    }

    private int List(ReadOnlySpan<Expression> items)
    {
        var number = Number(Kind.End);
        foreach (var item in items)
            number = Number(Kind.Next, number, Of(item));
        return number;
    }

    private int Texts(ReadOnlySpan<string> items)
    {
        var number = Number(Kind.End);
        foreach (var item in items)
            number = Number(Kind.Text, number, text: item);
        return number;
    }

    private int Number(Kind kind, int a = 0, int b = 0, string? text = null, Value? value = null)
    {
        var key = new Key(kind, a, b, text, value);
        if (!_numbers.TryGetValue(key, out var number))
            _numbers.Add(key, number = _numbers.Count);
        return number;
    }

    private readonly record struct Key(Kind Kind, int A, int B, string? Text, Value? Value);
}
