using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Protection.Tests.Quality;

/// <summary>Check digits as their standards state them, worked out to make values and not to test them: a second opinion on the validators.</summary>
internal static class Checks
{
    internal static string Luhn(string digits) =>
        digits + (char)('0' + ((10 - (digits.Reverse().Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(d => (d / 10) + (d % 10)) % 10)) % 10));

    /// <summary>Digits with the last one such that the weighted sum is divisible; null where no digit does it.</summary>
    internal static string? Weighted(string digits, int[] weights, int modulus)
    {
        var sum = digits.Select((c, i) => (c - '0') * weights[i]).Sum();
        for (var last = 0; last < 10; last++)
        {
            if ((sum + (last * weights[^1])) % modulus == 0)
                return digits + last;
        }

        return null;
    }

    internal static string Iban(string country, string account)
    {
        var number = string.Concat((account + country + "00").Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'A' + 10).ToString()));
        return $"{country}{98 - (int)(BigInteger.Parse(number) % 97):00}{account}";
    }

    /// <summary>The dihedral group of order ten: rotations 0 to 4, reflections 5 to 9; the permutation is (1 5 8 9 4 2 7 0)(3 6).</summary>
    internal static string Verhoeff(string digits)
    {
        int[] permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        for (var last = 0; last < 10; last++)
        {
            var check = 0;
            foreach (var (c, i) in (digits + last).Reverse().Select((c, i) => (c - '0', i)))
            {
                var digit = c;
                for (var round = 0; round < i % 8; round++)
                    digit = permutation[digit];
                check = Multiply(check, digit);
            }

            if (check == 0)
                return digits + last;
        }

        throw new InvalidOperationException("Every number has a check digit.");

        static int Multiply(int a, int b) => (a < 5, b < 5) switch
        {
            (true, true) => (a + b) % 5,
            (true, false) => ((a + b) % 5) + 5,
            (false, true) => ((a - b) % 5) + 5,
            _ => (a - b + 5) % 5,
        };
    }

    internal static string Cpf(string nine)
    {
        var first = Digit(nine, 10);
        return nine + first + Digit(nine + first, 11);

        static string Digit(string digits, int from)
        {
            var rest = digits.Select((c, i) => (c - '0') * (from - i)).Sum() * 10 % 11;
            return (rest == 10 ? 0 : rest).ToString();
        }
    }

    internal static string GitHub(string prefix, string random)
    {
        const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var crc = uint.MaxValue;
        foreach (var bit in Encoding.ASCII.GetBytes(random).SelectMany(value => Enumerable.Range(0, 8).Select(i => (uint)(value >> i) & 1)))
            crc = ((crc ^ bit) & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        var rest = ~crc;
        var check = "";
        for (var i = 0; i < 6; i++, rest /= 62)
            check = Base62[(int)(rest % 62)] + check;
        return prefix + random + check;
    }

    internal static string Bitcoin(byte[] hash)
    {
        const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        byte[] payload = [0, .. hash];
        byte[] all = [.. payload, .. SHA256.HashData(SHA256.HashData(payload))[..4]];
        var number = new BigInteger(all, isUnsigned: true, isBigEndian: true);
        var text = "";
        for (; number > 0; number /= 58)
            text = Base58[(int)(number % 58)] + text;
        return new string('1', all.TakeWhile(value => value == 0).Count()) + text;
    }
}
