using System.Text;

namespace Proofgate.Protection.Validators;

/// <summary>
/// A GitHub token: after the prefix 30 random characters and their CRC-32 in base 62 (github.blog, "Behind GitHub's new authentication
/// token formats").
/// </summary>
internal static class GitHubToken
{
    private const int PrefixLength = 4;
    private const int RandomLength = 30;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        Span<byte> random = stackalloc byte[RandomLength];
        if (match.Length != PrefixLength + RandomLength + 6 || Encoding.ASCII.GetBytes(match.Slice(PrefixLength, RandomLength), random) != RandomLength)
            return false;
        var number = 0L;
        foreach (var c in match[(PrefixLength + RandomLength)..])
            number = (number * 62) + Base62.IndexOf(c, StringComparison.Ordinal);
        return number == Crc32(random);
    }

    /// <summary>ISO 3309.</summary>
    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
        }

        return ~crc;
    }
}
