using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;

namespace Proofgate.Inference.Upstreams;

/// <summary>
/// Opens connections to upstreams after looking at the address that the name resolved to, so that no name can lead into a private
/// network, to link-local addresses or to the platform's metadata service. The check and the connection use the same address.
/// </summary>
internal sealed class OutboundGuard(IOptions<OutboundOptions> options) : IOutboundDoor
{
    private static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];

    public TimeSpan ConnectTimeout => options.Value.ConnectTimeout;

    internal bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain)
            ? options.Value.AllowLoopback
            : _allowed.Any(n => n.Contains(plain)) || !Reserved.Any(n => n.Contains(plain));
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        var permitted = Array.FindAll(addresses, Allows);
        if (permitted.Length == 0)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, $"The upstream host '{host}' has no address that this deployment may connect to (Proofgate:Outbound).");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
