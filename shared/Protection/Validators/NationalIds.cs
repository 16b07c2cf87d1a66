namespace Proofgate.Protection.Validators;

/// <summary>The check digits, and where there are any the dates, of numbers that states give to people.</summary>
internal static class NationalIds
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string FinnishLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private const string ChineseChecks = "10X98765432";

    private static ReadOnlySpan<byte> ItalianOdd =>
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>Burgerservicenummer: the eleven test, with the last digit counted -1.</summary>
    internal static bool IsDutchBsn(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[9];
        return Digits.TryRead(match, digits) && Digits.Number(digits) != 0 && Digits.Weigh(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0;
    }

    /// <summary>NHS number: modulus 11 (NHS data dictionary).</summary>
    internal static bool IsBritishNhs(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[10];
        return Digits.TryRead(match, digits) && Digits.Number(digits) != 0 && Digits.Weigh(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;
    }

    /// <summary>National insurance number: it has no check digit, and prefixes that are not given out (HMRC NIM39110).</summary>
    internal static bool IsBritishNino(ReadOnlySpan<char> match) =>
        match[..2] is not ("BG" or "GB" or "NK" or "KN" or "TN" or "NT" or "ZZ");

    /// <summary>Social insurance number: Luhn; 0 and 8 do not begin one.</summary>
    internal static bool IsCanadianSin(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[9];
        return Digits.TryRead(match, digits) && digits[0] is not ('0' or '8') && Digits.PassesLuhn(digits);
    }

    /// <summary>Aadhaar: Verhoeff; 0 and 1 do not begin one (UIDAI).</summary>
    internal static bool IsIndianAadhaar(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[12];
        return Digits.TryRead(match, digits) && digits[0] >= '2' && Digits.PassesVerhoeff(digits);
    }

    /// <summary>PESEL: a date whose month tells the century, and a check digit.</summary>
    internal static bool IsPolishPesel(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[11];
        return Digits.TryRead(match, digits) && Digits.Weigh(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
            && Digits.IsDay(Two(digits, 0), Two(digits, 2) % 20, Two(digits, 4));
    }

    /// <summary>Cadastro de Pessoas Físicas: two check digits; one digit eleven times is none.</summary>
    internal static bool IsBrazilianCpf(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[11];
        return Digits.TryRead(match, digits) && digits.ContainsAnyExcept(digits[0])
            && Check(Digits.Weigh(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[9] - '0'
            && Check(Digits.Weigh(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[10] - '0';

        static int Check(int sum) => sum % 11 < 2 ? 0 : 11 - (sum % 11);
    }

    /// <summary>
    /// Steuerliche Identifikationsnummer: of the first ten digits one occurs two or three times, the others once or not; ISO 7064 mod 11,10.
    /// </summary>
    internal static bool IsGermanTaxId(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[11];
        if (!Digits.TryRead(match, digits) || digits[0] == '0')
            return false;
        Span<int> counts = stackalloc int[10];
        var product = 10;
        foreach (var c in digits[..10])
        {
            counts[c - '0']++;
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        var repeated = 0;
        foreach (var count in counts)
            repeated += count > 1 ? 1 : 0;
        return repeated == 1 && !counts.ContainsAnyInRange(4, 10) && (11 - product) % 10 == digits[10] - '0';
    }

    /// <summary>Numéro d'inscription au répertoire (INSEE): 97 less the number modulo 97; Corsica is 2A and 2B.</summary>
    internal static bool IsFrenchNir(ReadOnlySpan<char> match)
    {
        Span<char> value = stackalloc char[15];
        if (Digits.Compact(match, value) != 15)
            return false;
        var corsica = value[6] switch { 'A' => 1_000_000L, 'B' => 2_000_000L, _ => 0 };
        if (corsica > 0)
            value[6] = '0';
        return Digits.AreDigits(value) && 97 - ((Digits.Number(value[..13]) - corsica) % 97) == Two(value, 13);
    }

    /// <summary>DNI and NIE: the letter is the number modulo 23.</summary>
    internal static bool IsSpanishDni(ReadOnlySpan<char> match)
    {
        Span<char> value = stackalloc char[9];
        if (Digits.Compact(match, value) != 9)
            return false;
        if (value[0] is >= 'X' and <= 'Z')
            value[0] = (char)('0' + (value[0] - 'X'));
        return Digits.AreDigits(value[..8]) && SpanishLetters[(int)(Digits.Number(value[..8]) % 23)] == value[8];
    }

    /// <summary>Codice fiscale: the check letter (decree of 23 December 1976).</summary>
    internal static bool IsItalianFiscalCode(ReadOnlySpan<char> match)
    {
        Span<char> value = stackalloc char[16];
        if (Digits.Compact(match, value) != 16)
            return false;
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var number = char.IsAsciiDigit(value[i]) ? value[i] - '0' : value[i] - 'A';
            sum += i % 2 == 0 ? ItalianOdd[number] : number;
        }

        return sum % 26 == value[15] - 'A';
    }

    /// <summary>Personnummer: a date (a coordination number has 60 more days) and Luhn.</summary>
    internal static bool IsSwedishPersonalNumber(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[12];
        var count = Digits.Compact(match, digits);
        if (count is not (10 or 12))
            return false;
        var value = digits[(count - 10)..count];
        return Digits.IsDay(Two(value, 0), Two(value, 2), Two(value, 4) % 60) && Digits.PassesLuhn(value);
    }

    /// <summary>Henkilötunnus: a date, and the remainder modulo 31 as a letter or digit.</summary>
    internal static bool IsFinnishHetu(ReadOnlySpan<char> match) =>
        match.Length == 11 && Digits.IsDay(Two(match, 4), Two(match, 2), Two(match, 0))
        && FinnishLetters[(int)(((Digits.Number(match[..6]) * 1000) + Digits.Number(match[7..10])) % 31)] == match[10];

    /// <summary>Rijksregisternummer: 97 less the number modulo 97, with a 2 before it for those born from 2000 on.</summary>
    internal static bool IsBelgianRegisterNumber(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[11];
        if (!Digits.TryRead(match, digits) || Two(digits, 2) % 20 > 12)
            return false;
        var number = Digits.Number(digits[..9]);
        var check = Two(digits, 9);
        return 97 - (number % 97) == check || 97 - ((number + 2_000_000_000L) % 97) == check;
    }

    /// <summary>AHV number: EAN-13 of the country code 756.</summary>
    internal static bool IsSwissAhv(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[13];
        return Digits.TryRead(match, digits) && Digits.Weigh(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0;
    }

    /// <summary>Tax file number: weighted sum modulo 11.</summary>
    internal static bool IsAustralianTfn(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[9];
        return Digits.TryRead(match, digits) && Digits.Number(digits) != 0 && Digits.Weigh(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0;
    }

    /// <summary>Resident identity number (GB 11643): a date, and ISO 7064 mod 11-2.</summary>
    internal static bool IsChineseResidentId(ReadOnlySpan<char> match)
    {
        Span<char> value = stackalloc char[18];
        if (Digits.Compact(match, value) != 18)
            return false;
        var sum = Digits.Weigh(value[..17], [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
        return Digits.IsDay((int)Digits.Number(value[6..10]), Two(value, 10), Two(value, 12)) && ChineseChecks[sum % 11] == value[17];
    }

    private static int Two(ReadOnlySpan<char> digits, int at) => ((digits[at] - '0') * 10) + digits[at + 1] - '0';
}
