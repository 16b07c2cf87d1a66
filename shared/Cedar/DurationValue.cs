using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proofgate.Cedar;

/// <summary>A <c>duration</c> in milliseconds, possibly negative.</summary>
public sealed class DurationValue(long milliseconds) : ExtensionValue
{
    // In the order in which they must be written. "m" is tried after "ms" has been ruled out.
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    public long Milliseconds { get; } = milliseconds;

    public override string Kind => "duration";

    public override string Constructor => "duration";

    /// <summary>In milliseconds: <c>90000ms</c>.</summary>
    public override string Argument => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}ms");

    public static DurationValue From(TimeSpan span) => new((long)span.TotalMilliseconds);

    /// <summary>Reads <c>-?(nd)?(nh)?(nm)?(ns)?(nms)?</c> with at least one part.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DurationValue? value)
    {
        value = null;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative)
            rest = rest[1..];
        if (rest.IsEmpty)
            return false;

        Int128 total = 0;
        var next = 0;
        while (!rest.IsEmpty)
        {
            if (!TryPart(ref rest, ref next, out var part))
                return false;
            total += negative ? -part : part;
        }

        // The reference implementation adds from the smallest part to the largest, all of one sign: a sum in range was never out of it.
        if (total < long.MinValue || total > long.MaxValue)
            return false;

        value = new DurationValue((long)total);
        return true;
    }

    public override bool Equals(Value? other) => other is DurationValue that && that.Milliseconds == Milliseconds;

    public override int GetHashCode() => HashCode.Combine(Milliseconds, nameof(DurationValue));

    private static bool TryPart(ref ReadOnlySpan<char> rest, ref int next, out Int128 part)
    {
        part = 0;
        var digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits < 1)
            return false;

        foreach (var c in rest[..digits])
        {
            part = part * 10 + (c - '0');
            if (part > long.MaxValue && !IsLowest(part))
                return false;
        }

        rest = rest[digits..];
        var letters = rest.IndexOfAnyInRange('0', '9');
        var unit = letters < 0 ? rest : rest[..letters];
        for (; next < Units.Length; next++)
        {
            if (!unit.SequenceEqual(Units[next].Unit))
                continue;

            // Only "ms" may be the magnitude of the lowest long: other units multiply, which needs a long.
            if (IsLowest(part) && Units[next].Milliseconds != 1)
                return false;
            part *= Units[next].Milliseconds;
            next++;
            rest = rest[unit.Length..];
            return part <= (Int128)long.MaxValue + 1;
        }

        return false;
    }

    private static bool IsLowest(Int128 magnitude) => magnitude == (Int128)long.MaxValue + 1;
}
