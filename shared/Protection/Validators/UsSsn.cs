namespace Proofgate.Protection.Validators;

/// <summary>
/// A US social security number: three parts with the same separator, none of the numbers that are never issued (SSA, RM 10201.035).
/// </summary>
internal static class UsSsn
{
    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        var (number, count, separator) = (0, 0, '\0');
        foreach (var c in match)
        {
            if (char.IsAsciiDigit(c))
            {
                number = (number * 10) + c - '0';
                if (++count > 9)
                    return false;
            }
            else
            {
                if (separator != '\0' && separator != c)
                    return false;
                separator = c;
            }
        }

        var (area, group, serial) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
        return count == 9 && area is not (0 or 666 or >= 900) && group != 0 && serial != 0;
    }
}
