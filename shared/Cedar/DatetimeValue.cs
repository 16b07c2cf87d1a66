using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proofgate.Cedar;

/// <summary>A <c>datetime</c>: milliseconds since 1970-01-01T00:00:00Z, without leap seconds, possibly negative.</summary>
public sealed class DatetimeValue(long milliseconds) : ExtensionValue
{
    internal const long Day = 86_400_000;

    // Days from 0000-01-01 to 0001-01-01 and to 1970-01-01 in the proleptic Gregorian calendar. Year 0 is a leap year, and .NET has none.
    private const int YearZero = 366;
    private const int Epoch = 719_528;

    // 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z.
    private const long Earliest = -62_167_219_200_000;
    private const long Latest = 253_402_300_799_999;

    public long Milliseconds { get; } = milliseconds;

    public override string Kind => "datetime";

    public override string Constructor => "datetime";

    /// <summary>Whether <see cref="Argument"/> can say it: the years 0 to 9999. Others are written as an offset from the epoch.</summary>
    public bool HasText => Milliseconds is >= Earliest and <= Latest;

    /// <summary><c>2024-10-15T11:35:00.000Z</c>.</summary>
    /// <exception cref="InvalidOperationException">See <see cref="HasText"/>.</exception>
    public override string Argument
    {
        get
        {
            if (!HasText)
                throw new InvalidOperationException("A datetime outside the years 0 to 9999 has no text.");

            var days = (int)(FloorDivide(Milliseconds) + Epoch);
            var time = TimeSpan.FromMilliseconds(Milliseconds - FloorDivide(Milliseconds) * Day);

            // The calendar repeats every 400 years, so year 0 borrows the dates of year 400.
            var date = days < YearZero ? new DateOnly(400, 1, 1).AddDays(days) : DateOnly.FromDayNumber(days - YearZero);
            var year = days < YearZero ? 0 : date.Year;
            return string.Create(CultureInfo.InvariantCulture, $@"{year:0000}-{date.Month:00}-{date.Day:00}T{time:hh\:mm\:ss\.fff}Z");
        }
    }

    /// <summary>Fractions of a millisecond are dropped.</summary>
    public static DatetimeValue From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>Reads <c>YYYY-MM-DD</c> and <c>YYYY-MM-DDThh:mm:ss(.SSS)?(Z|(+|-)hhmm)</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DatetimeValue? value)
    {
        value = null;
        var rest = text.AsSpan();
        if (!TryDate(ref rest, out var days))
            return false;

        var milliseconds = days * Day;
        if (!rest.IsEmpty)
        {
            if (!TryTime(ref rest, out var time) || !TryOffset(rest, out var offset))
                return false;
            milliseconds += time - offset;
        }

        value = new DatetimeValue(milliseconds);
        return true;
    }

    public override bool Equals(Value? other) => other is DatetimeValue that && that.Milliseconds == Milliseconds;

    public override int GetHashCode() => HashCode.Combine(Milliseconds, nameof(DatetimeValue));

    public override string ToString() =>
        HasText ? base.ToString() : $"datetime(\"1970-01-01\").offset({new DurationValue(Milliseconds)})";

    /// <summary>Days since the epoch, rounded down.</summary>
    internal static long FloorDivide(long milliseconds) =>
        milliseconds / Day - (milliseconds % Day < 0 ? 1 : 0);

    private static bool TryDate(ref ReadOnlySpan<char> rest, out long days)
    {
        days = 0;
        if (!TryNumber(ref rest, 4, out var year) || !TrySkip(ref rest, '-') || !TryNumber(ref rest, 2, out var month)
            || !TrySkip(ref rest, '-') || !TryNumber(ref rest, 2, out var day) || month is < 1 or > 12 || day < 1)
        {
            return false;
        }

        var like = year == 0 ? 400 : year;
        if (day > DateTime.DaysInMonth(like, month))
            return false;

        var date = new DateOnly(like, month, day);
        days = year == 0 ? date.DayNumber - new DateOnly(400, 1, 1).DayNumber - Epoch : date.DayNumber + YearZero - Epoch;
        return true;
    }

    private static bool TryTime(ref ReadOnlySpan<char> rest, out long milliseconds)
    {
        milliseconds = 0;
        if (!TrySkip(ref rest, 'T') || !TryNumber(ref rest, 2, out var hour) || !TrySkip(ref rest, ':') || !TryNumber(ref rest, 2, out var minute)
            || !TrySkip(ref rest, ':') || !TryNumber(ref rest, 2, out var second) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var fraction = 0;
        if (TrySkip(ref rest, '.') && !TryNumber(ref rest, 3, out fraction))
            return false;

        milliseconds = ((hour * 60L + minute) * 60 + second) * 1000 + fraction;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> rest, out long milliseconds)
    {
        milliseconds = 0;
        if (rest is "Z")
            return true;

        var east = TrySkip(ref rest, '+');
        if ((!east && !TrySkip(ref rest, '-')) || !TryNumber(ref rest, 2, out var hours) || !TryNumber(ref rest, 2, out var minutes)
            || !rest.IsEmpty || hours > 23 || minutes > 59)
        {
            return false;
        }

        milliseconds = (hours * 60L + minutes) * 60_000 * (east ? 1 : -1);
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<char> rest, int digits, out int number)
    {
        number = 0;
        if (rest.Length < digits)
            return false;

        foreach (var c in rest[..digits])
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = number * 10 + (c - '0');
        }

        rest = rest[digits..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<char> rest, char c)
    {
        if (rest.IsEmpty || rest[0] != c)
            return false;

        rest = rest[1..];
        return true;
    }
}
