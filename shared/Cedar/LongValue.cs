using System.Globalization;

namespace Proofgate.Cedar;

/// <summary>A signed 64-bit integer.</summary>
public sealed class LongValue : Value
{
    private const int Lowest = -16;
    private static readonly LongValue[] Small = [.. Enumerable.Range(Lowest, 272).Select(n => new LongValue(n))];

    private LongValue(long value) => Value = value;

    public long Value { get; }

    public override string Kind => "long";

    /// <summary>Small numbers (labels, ranks, weekdays) are shared instances.</summary>
    public static LongValue Of(long value) =>
        value >= Lowest && value < Lowest + Small.Length ? Small[value - Lowest] : new LongValue(value);

    public override bool Equals(Value? other) => other is LongValue that && that.Value == Value;

    public override int GetHashCode() => HashCode.Combine(Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
