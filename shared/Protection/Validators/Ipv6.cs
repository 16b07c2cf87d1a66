using System.Net;
using System.Net.Sockets;

namespace Proofgate.Protection.Validators;

/// <summary>An IPv6 address (RFC 4291) with at least two groups: <c>::</c> and <c>::1</c> are nobody's.</summary>
internal static class Ipv6
{
    internal static bool IsValid(ReadOnlySpan<char> match)
    {
        var (groups, inGroup, hasDigit) = (0, false, false);
        foreach (var c in match)
        {
            if (c != ':' && !inGroup)
                groups++;
            inGroup = c != ':';
            hasDigit |= char.IsAsciiDigit(c);
        }

        return groups >= 2 && (hasDigit || groups > 2) && IPAddress.TryParse(match, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }
}
