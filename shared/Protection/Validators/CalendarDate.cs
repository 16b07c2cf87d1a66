namespace Proofgate.Protection.Validators;

/// <summary>A date in digits, in any of the usual orders, of a person who may be alive or remembered; with a month's name, as it is.</summary>
internal static class CalendarDate
{
    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        Span<int> parts = stackalloc int[3];
        var (count, inNumber) = (0, false);
        foreach (var c in match)
        {
            if (char.IsAsciiLetter(c))
                return true;
            var isDigit = char.IsAsciiDigit(c);
            if (isDigit && !inNumber && ++count > 3)
                return false;
            inNumber = isDigit;
            if (isDigit)
                parts[count - 1] = (parts[count - 1] * 10) + c - '0';
        }

        if (count == 1)
            return IsDate(parts[0] / 10_000, parts[0] / 100 % 100, parts[0] % 100) || IsDate(parts[0] % 10_000, parts[0] / 10_000 % 100, parts[0] / 1_000_000);
        if (count != 3)
            return false;
        var (year, a, b) = parts[0] > 31 ? (parts[0], parts[1], parts[2]) : (parts[2], parts[0], parts[1]);
        return IsDate(year, a, b) || IsDate(year, b, a);
    }

    private static bool IsDate(int year, int month, int day) => year is < 100 or (>= 1850 and <= 2100) && Digits.IsDay(year, month, day);
}
