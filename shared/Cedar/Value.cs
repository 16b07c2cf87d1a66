namespace Proofgate.Cedar;

/// <summary>A Cedar value. Immutable; equality is Cedar's <c>==</c>: structural, and false between kinds.</summary>
public abstract class Value : IEquatable<Value>
{
    private protected Value()
    {
    }

    /// <summary>The kind as error messages call it: <c>bool</c>, <c>long</c>, <c>string</c>, <c>set</c>, <c>record</c>, <c>entity</c> or an extension's name.</summary>
    public abstract string Kind { get; }

    public static implicit operator Value(bool value) => BoolValue.Of(value);

    public static implicit operator Value(long value) => LongValue.Of(value);

    public static implicit operator Value(string value) => new StringValue(value);

    public static implicit operator Value(EntityUid value) => new EntityValue(value);

    public abstract bool Equals(Value? other);

    public sealed override bool Equals(object? obj) => Equals(obj as Value);

    public abstract override int GetHashCode();

    /// <summary>Cedar syntax; parsing it as an expression gives an equal value.</summary>
    public abstract override string ToString();
}
