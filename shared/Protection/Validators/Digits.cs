namespace Proofgate.Protection.Validators;

/// <summary>The letters and digits of a match without its separators, and the sums that check digits are made of.</summary>
internal static class Digits
{
    private static ReadOnlySpan<byte> DihedralProduct =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7, 8, 9, 5, 6, 3, 4, 0, 1, 2, 8, 9, 5, 6, 7,
        4, 0, 1, 2, 3, 9, 5, 6, 7, 8, 5, 9, 8, 7, 6, 0, 4, 3, 2, 1, 6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2, 1, 0, 4, 3,
        8, 7, 6, 5, 9, 3, 2, 1, 0, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static ReadOnlySpan<byte> Permutation =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 5, 7, 6, 2, 8, 3, 0, 9, 4, 5, 8, 0, 3, 7, 9, 6, 1, 4, 2, 8, 9, 1, 6, 0, 4, 3, 5, 2, 7,
        9, 4, 5, 3, 1, 2, 6, 8, 7, 0, 4, 2, 8, 6, 5, 7, 3, 9, 0, 1, 2, 7, 9, 3, 8, 0, 6, 4, 1, 5, 7, 0, 4, 6, 9, 1, 3, 2, 5, 8,
    ];

    /// <summary>Copies letters, in upper case, and digits. Returns how many; -1 if there is not room for all.</summary>
    internal static int Compact(ReadOnlySpan<char> match, Span<char> room)
    {
        var count = 0;
        foreach (var c in match)
        {
            if (!char.IsAsciiLetterOrDigit(c))
                continue;
            if (count == room.Length)
                return -1;
            room[count++] = (char)(char.IsAsciiLetterLower(c) ? c - 32 : c);
        }

        return count;
    }

    /// <summary>True if the match has exactly as many letters and digits as there is room, and all are digits.</summary>
    internal static bool TryRead(ReadOnlySpan<char> match, Span<char> room) =>
        Compact(match, room) == room.Length && AreDigits(room);

    internal static bool AreDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
        }

        return true;
    }

    /// <summary>The sum of each digit times its weight.</summary>
    internal static int Weigh(ReadOnlySpan<char> digits, ReadOnlySpan<sbyte> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += (digits[i] - '0') * weights[i];
        return sum;
    }

    internal static long Number(ReadOnlySpan<char> digits)
    {
        var number = 0L;
        foreach (var c in digits)
            number = (number * 10) + c - '0';
        return number;
    }

    /// <summary>ISO/IEC 7812-1 annex B.</summary>
    internal static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var doubled = (digits[digits.Length - 1 - i] - '0') << (i & 1);
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }

    /// <summary>J. Verhoeff, Error Detecting Decimal Codes (1969): the dihedral group of order ten.</summary>
    internal static bool PassesVerhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
            check = DihedralProduct[(check * 10) + Permutation[(i % 8 * 10) + digits[digits.Length - 1 - i] - '0']];
        return check == 0;
    }

    /// <summary>True if there is such a day; a year of two digits may be of any century.</summary>
    internal static bool IsDay(int year, int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= (month == 2 && year < 100 ? 29 : DateTime.DaysInMonth(year is >= 1 and <= 9999 ? year : 2000, month));
}
