using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>[a, b, ...]</c>.</summary>
internal sealed class SetExpression : Expression
{
    private readonly Expression[] _items;

    public SetExpression(SourcePosition position, Expression[] items)
        : base(position)
    {
        _items = items;
        Height = Above(items);
        if (Array.TrueForAll(items, item => item.Constant is not null))
            Constant = SetValue.Of([.. items.Select(item => item.Constant!)]);
    }

    public ReadOnlySpan<Expression> Items => _items;

    public override Value? Constant { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Constant is not null)
            return Constant;

        var values = new Value[_items.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (_items[i].Evaluate(evaluator) is not { } value)
                return null;
            values[i] = value;
        }

        return SetValue.Of(values);
    }
}
