using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proofgate.Cedar;

/// <summary>A <c>decimal</c>: a number with at most four digits after the point, from -922337203685477.5808 to 922337203685477.5807.</summary>
/// <param name="units">Ten-thousandths.</param>
public sealed class DecimalValue(long units) : ExtensionValue
{
    private const int Digits = 4;
    private const long One = 10_000;

    /// <summary>The number times 10,000.</summary>
    public long Units { get; } = units;

    public override string Kind => "decimal";

    public override string Constructor => "decimal";

    /// <summary>Always with four digits after the point.</summary>
    public override string Argument
    {
        get
        {
            var magnitude = Int128.Abs(Units);
            return string.Create(CultureInfo.InvariantCulture, $"{(Units < 0 ? "-" : "")}{magnitude / One}.{magnitude % One:0000}");
        }
    }

    /// <summary>Reads <c>-?digits.digits</c>, with one to four digits after the point.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DecimalValue? value)
    {
        value = null;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative)
            rest = rest[1..];

        var point = rest.IndexOf('.');
        if (point < 1)
            return false;

        var fraction = rest[(point + 1)..];
        if (fraction.Length is 0 or > Digits || !TryDigits(rest[..point], out var whole) || !TryDigits(fraction, out var part))
            return false;

        for (var i = fraction.Length; i < Digits; i++)
            part *= 10;
        var units = whole * One + part;
        units = negative ? -units : units;
        if (units < long.MinValue || units > long.MaxValue)
            return false;

        value = new DecimalValue((long)units);
        return true;
    }

    public override bool Equals(Value? other) => other is DecimalValue that && that.Units == Units;

    public override int GetHashCode() => HashCode.Combine(Units, nameof(DecimalValue));

    private static bool TryDigits(ReadOnlySpan<char> text, out Int128 number)
    {
        number = 0;
        foreach (var c in text)
        {
            // Beyond any long no further digit matters.
            if (!char.IsAsciiDigit(c) || number > long.MaxValue)
                return false;
            number = number * 10 + (c - '0');
        }

        return true;
    }
}
