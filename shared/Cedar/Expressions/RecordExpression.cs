using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>{name: value, ...}</c>. The parser has refused names that occur twice.</summary>
internal sealed class RecordExpression : Expression
{
    private readonly string[] _names;
    private readonly Expression[] _values;

    public RecordExpression(SourcePosition position, string[] names, Expression[] values)
        : base(position)
    {
        (_names, _values) = (names, values);
        Height = Above(values);
        if (Array.TrueForAll(values, value => value.Constant is not null))
            Constant = RecordValue.Create([.. names], [.. values.Select(value => value.Constant!)]);
    }

    /// <summary>In the order of the text.</summary>
    public ReadOnlySpan<string> Names => _names;

    public ReadOnlySpan<Expression> Values => _values;

    public override Value? Constant { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Constant is not null)
            return Constant;

        var values = new Value[_values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (_values[i].Evaluate(evaluator) is not { } value)
                return null;
            values[i] = value;
        }

        return RecordValue.Create([.. _names], values);
    }
}
