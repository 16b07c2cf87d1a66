namespace Proofgate.Protection.Validators;

/// <summary>
/// A card number: a range that card schemes issue from, a length they issue in, and the check digit (ISO/IEC 7812-1 annex B, Luhn). The
/// ranges keep timestamps and serial numbers out, a tenth of which pass the check digit.
/// </summary>
internal static class PaymentCard
{
    private const int MinDigits = 13;
    private const int MaxDigits = 19;

    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        Span<char> digits = stackalloc char[MaxDigits];
        var count = Digits.Compact(match, digits);
        return count >= MinDigits && IsIssued(digits[..count]) && Digits.PassesLuhn(digits[..count]);
    }

    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        var prefix = Digits.Number(digits[..4]);
        var length = digits.Length;
        return prefix switch
        {
            >= 4000 and <= 4999 => length is 13 or 16 or 19, // Visa
            >= 3400 and <= 3499 or >= 3700 and <= 3799 => length is 15, // American Express
            1800 or 2131 => length is 15, // JCB, the old ranges
            >= 5100 and <= 5599 or >= 2200 and <= 2204 or >= 2221 and <= 2720 => length >= 16, // Mastercard, Mir
            >= 3000 and <= 3059 or >= 3600 and <= 3699 or >= 3800 and <= 3999 => length >= 14, // Diners Club
            >= 3500 and <= 3599 => length >= 16, // JCB, and what generators take for it
            >= 5000 and <= 6999 => true, // Maestro, Discover, UnionPay, RuPay, Verve
            >= 8100 and <= 8299 or 9792 => length >= 16, // UnionPay, RuPay, Troy
            _ => false,
        };
    }
}
