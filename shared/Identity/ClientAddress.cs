using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Proofgate.Identity;

/// <summary>
/// N1: the client's address is the Nth entry from the right of X-Forwarded-For, N = <c>Proofgate:TrustedHops</c>; with 0 it is the socket's
/// peer. What stands left of that entry is the sender's own claim and is never read.
/// </summary>
public sealed class ClientAddress
{
    /// <summary>Longest X-Forwarded-For that is read, all its lines together, in characters.</summary>
    public const int MaxHeaderLength = 4096;

    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>No zone: a scope id means nothing to another host.</summary>
    private static readonly SearchValues<char> Version6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly int _hops;

    public ClientAddress(IOptions<ClientAddressOptions> options) => _hops = options.Value.TrustedHops;

    /// <returns>Null if the address is missing or malformed: then no network condition holds.</returns>
    public IPAddress? Of(IHeaderDictionary headers, IPAddress? peer) => _hops == 0 ? Plain(peer) : Forwarded(headers[ForwardedFor]);

    private IPAddress? Forwarded(StringValues lines)
    {
        var length = 0;
        foreach (var line in lines)
        {
            length += line?.Length ?? 0;
        }

        if (length > MaxHeaderLength)
        {
            return null;
        }

        // Empty entries count: skipping one would let a sender shift the place that a trusted proxy wrote to.
        var left = _hops;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var line = lines[i].AsSpan();
            while (true)
            {
                var comma = line.LastIndexOf(',');
                if (--left == 0)
                {
                    return Parse(line[(comma + 1)..].Trim(" \t"));
                }

                if (comma < 0)
                {
                    break;
                }

                line = line[..comma];
            }
        }

        return null;
    }

    private static IPAddress? Parse(ReadOnlySpan<char> entry)
    {
        if (entry.StartsWith('['))
        {
            var close = entry.IndexOf(']');
            return close > 0 && IsPortOrNothing(entry[(close + 1)..]) ? Version6(entry[1..close]) : null;
        }

        var colon = entry.IndexOf(':');
        if (colon < 0)
        {
            return Version4(entry);
        }

        return entry[(colon + 1)..].Contains(':') ? Version6(entry) : IsPortOrNothing(entry[colon..]) ? Version4(entry[..colon]) : null;
    }

    private static bool IsPortOrNothing(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        return text.Length is >= 2 and <= 6 && text[0] == ':' && !text[1..].ContainsAnyExceptInRange('0', '9') && int.Parse(text[1..]) <= 65535;
    }

    /// <summary>Four decimal parts and nothing else: the parser's octal, hexadecimal and short forms name another host than they seem to.</summary>
    private static IPAddress? Version4(ReadOnlySpan<char> text)
    {
        Span<char> canonical = stackalloc char[15];
        return IPAddress.TryParse(text, out var address)
            && address.AddressFamily == AddressFamily.InterNetwork
            && address.TryFormat(canonical, out var written)
            && canonical[..written].SequenceEqual(text)
            ? address
            : null;
    }

    private static IPAddress? Version6(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExcept(Version6Characters)
        && IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6
            ? Plain(address)
            : null;

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
