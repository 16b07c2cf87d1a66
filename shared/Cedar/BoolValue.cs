namespace Proofgate.Cedar;

/// <summary><c>true</c> or <c>false</c>. There are two instances only.</summary>
public sealed class BoolValue : Value
{
    private BoolValue(bool value) => Value = value;

    public static BoolValue True { get; } = new(true);

    public static BoolValue False { get; } = new(false);

    public bool Value { get; }

    public override string Kind => "bool";

    public static BoolValue Of(bool value) => value ? True : False;

    public override bool Equals(Value? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Value ? 1 : 0;

    public override string ToString() => Value ? "true" : "false";
}
