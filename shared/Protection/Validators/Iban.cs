using System.Collections.Frozen;

namespace Proofgate.Protection.Validators;

/// <summary>An international bank account number: ISO 13616 registry length of its country, and ISO 7064 mod 97-10.</summary>
internal static class Iban
{
    private const int MaxLength = 34;

    private const string Registry =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 "
        + "FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 "
        + "MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 "
        + "SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static readonly FrozenDictionary<int, int> Lengths = Registry.Split(' ')
        .ToFrozenDictionary(entry => Country(entry[0], entry[1]), entry => ((entry[2] - '0') * 10) + entry[3] - '0');

    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        Span<char> value = stackalloc char[MaxLength];
        var length = 0;
        foreach (var c in match)
        {
            if (!char.IsAsciiLetterOrDigit(c))
                continue;
            if (length == MaxLength)
                return false;
            value[length++] = (char)(char.IsAsciiLetterLower(c) ? c - 32 : c);
        }

        if (length < 4 || !Lengths.TryGetValue(Country(value[0], value[1]), out var expected) || length != expected)
            return false;
        var rest = 0;
        for (var i = 0; i < length; i++)
        {
            var c = value[(i + 4) % length];
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + c - 'A' + 10) % 97;
        }

        return rest == 1;
    }

    private static int Country(char first, char second) => (first << 8) | second;
}
