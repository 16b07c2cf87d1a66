using System.Security.Cryptography;

namespace Proofgate.Protection.Validators;

/// <summary>A Bitcoin address of the old forms: 25 bytes in base 58, the last four a double SHA-256 of the others.</summary>
internal static class Base58Check
{
    private const string Letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int Length = 25;

    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        foreach (var c in match)
        {
            var carry = Letters.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0)
                return false;
            for (var i = Length - 1; i >= 0; i--)
            {
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
                return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..21], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[21..]);
    }
}
