namespace Proofgate.Protection.Validators;

/// <summary>
/// Text that was made up or drawn, not written: the value after a word such as <c>password=</c>. Words of a language, names of variables
/// and placeholders are none.
/// </summary>
internal static class Secret
{
    private const int Alphabet = 128;

    /// <summary>A password: letters mixed with digits or signs, and some variety.</summary>
    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        var (letters, digits, others) = Count(match);
        if (match[0] is '$' or '%' or '{' or '*' || (letters == 0 && others == 0 && digits < 6))
            return false;
        return (digits > 0 || others - Separators(match) > 0) && Bits(match) >= 2.2;
    }

    /// <summary>A token: as various as random characters are.</summary>
    internal static bool IsRandom(ReadOnlySpan<char> match)
    {
        var (letters, digits, _) = Count(match);
        return letters > 0 && digits > 0 && Bits(match) >= 3;
    }

    private static (int Letters, int Digits, int Others) Count(ReadOnlySpan<char> match)
    {
        var (letters, digits) = (0, 0);
        foreach (var c in match)
        {
            letters += char.IsLetter(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return (letters, digits, match.Length - letters - digits);
    }

    /// <summary>Signs that names and paths are made of.</summary>
    private static int Separators(ReadOnlySpan<char> match)
    {
        var count = 0;
        foreach (var c in match)
            count += c is '_' or '-' or '.' or '/' or '(' or ')' or '[' or ']' ? 1 : 0;
        return count;
    }

    /// <summary>Shannon entropy, in bits a character.</summary>
    private static double Bits(ReadOnlySpan<char> match)
    {
        Span<int> counts = stackalloc int[Alphabet];
        foreach (var c in match)
            counts[c % Alphabet]++;
        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                bits -= (double)count / match.Length * Math.Log2((double)count / match.Length);
        }

        return bits;
    }
}
