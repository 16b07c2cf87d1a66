using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar;

/// <summary>A string, compared code point by code point.</summary>
public sealed class StringValue : Value
{
    public StringValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
    }

    public string Value { get; }

    public override string Kind => "string";

    public override bool Equals(Value? other) => other is StringValue that && string.Equals(that.Value, Value);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => StringLiteral.Quote(Value);
}
