using System.Net;
using System.Net.Sockets;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// Opens connections to issuers. Hosts that settings name may be anywhere; one that only a discovery document names must not lead into our own
/// network, to link-local addresses or to the platform's metadata service. The check and the connection use the same address.
/// </summary>
internal sealed class IssuerAddresses(IEnumerable<string> named)
{
    private static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3", "168.63.129.16/32", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fc00::/7", "fe80::/9", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly HashSet<string> _named = named.ToHashSet(StringComparer.OrdinalIgnoreCase);

    internal bool Allows(string host, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _named.Contains(host) || !Reserved.Any(n => n.Contains(plain));
    }

    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var found = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var permitted = Array.FindAll(found, a => Allows(host, a));
        if (permitted.Length == 0)
        {
            throw new IssuerOutageException($"'{host}', which no setting names, has no public address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
