using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Proofgate.Cedar.Extensions;

/// <summary>The text forms of addresses. .NET's own parser accepts more (<c>127.1</c>, octal, scope ids), which in a policy would be a trap.</summary>
internal static class IpText
{
    // The longest IPv6 address with a prefix.
    private const int Longest = 43;
    private const int Groups = 8;

    public static bool TryParse(string? text, [NotNullWhen(true)] out IpValue? value)
    {
        value = null;
        if (text is null || text.Length > Longest)
            return false;

        var address = text.AsSpan();
        var slash = address.IndexOf('/');
        var prefix = slash < 0 ? default : address[(slash + 1)..];
        if (slash >= 0)
            address = address[..slash];

        var isV6 = address.Contains(':');
        UInt128 bits;
        if (isV6)
        {
            if (!TryV6(address, out bits))
                return false;
        }
        else if (!TryV4(address, out bits))
        {
            return false;
        }

        var length = isV6 ? 128 : 32;
        if (slash >= 0 && !TryPrefix(prefix, ref length))
            return false;

        value = new IpValue(bits, length, isV6);
        return true;
    }

    public static string Format(IpValue ip)
    {
        var text = ip.IsV6 ? FormatV6(ip.Address) : FormatV4((uint)ip.Address);
        return ip.Prefix == (ip.IsV6 ? 128 : 32) ? text : string.Create(CultureInfo.InvariantCulture, $"{text}/{ip.Prefix}");
    }

    private static string FormatV4(uint bits) =>
        string.Create(CultureInfo.InvariantCulture, $"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}");

    private static string FormatV6(UInt128 bits)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (var i = 0; i < Groups; i++)
            groups[i] = (ushort)(bits >> (112 - i * 16));

        var (start, length) = LongestZeros(groups);
        var text = new StringBuilder(39);
        for (var i = 0; i < Groups; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            if (i > 0 && text[^1] != ':')
                text.Append(':');
            text.Append(CultureInfo.InvariantCulture, $"{groups[i]:x}");
        }

        return text.ToString();
    }

    // RFC 5952, 4.2: the first of the longest runs, and never a single group.
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        var (best, bestLength) = (-1, 1);
        for (var i = 0; i < Groups; i++)
        {
            var end = i;
            while (end < Groups && groups[end] == 0)
                end++;
            if (end - i > bestLength)
                (best, bestLength) = (i, end - i);
            i = Math.Max(i, end - 1);
        }

        return (best, bestLength);
    }

    private static bool TryV4(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        for (var i = 0; i < 4; i++)
        {
            var end = i == 3 ? text.Length : text.IndexOf('.');
            if (end < 0 || !TryDecimal(text[..end], 3, 255, out var octet))
                return false;

            bits = (bits << 8) | (uint)octet;
            text = i == 3 ? default : text[(end + 1)..];
        }

        return true;
    }

    private static bool TryV6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var gap = text.IndexOf("::");
        if (gap < 0)
            return TryGroups(text, out bits, out var all) && all == Groups;

        if (!TryGroups(text[..gap], out var high, out var before) || !TryGroups(text[(gap + 2)..], out var low, out var after)
            || before + after > Groups - 1)
        {
            return false;
        }

        bits = before == 0 ? low : (high << (16 * (Groups - before))) | low;
        return true;
    }

    private static bool TryGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count)
    {
        bits = 0;
        count = 0;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf(':');
            var group = end < 0 ? text : text[..end];
            if (group.Length is 0 or > 4 || ++count > Groups)
                return false;

            foreach (var c in group)
            {
                if (!char.IsAsciiHexDigit(c))
                    return false;
            }

            bits = (bits << 16) | ushort.Parse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (end < 0)
                return true;
            text = text[(end + 1)..];
            if (text.IsEmpty)
                return false;
        }

        return true;
    }

    private static bool TryPrefix(ReadOnlySpan<char> text, ref int length) =>
        TryDecimal(text, length == 32 ? 2 : 3, length, out length);

    private static bool TryDecimal(ReadOnlySpan<char> text, int digits, int highest, out int number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > digits || (text[0] == '0' && text.Length > 1))
            return false;

        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = number * 10 + (c - '0');
        }

        return number <= highest;
    }
}
