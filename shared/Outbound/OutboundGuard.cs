using System.Net;
using Microsoft.Extensions.Options;

namespace Proofgate.Outbound;

/// <summary>
/// Opens connections to what settings and bundles name, upstreams, sources and witnesses, so that no name can lead into a private network, to link-local addresses or to the
/// platform's metadata service, unless <see cref="OutboundOptions"/> lists it.
/// </summary>
public sealed class OutboundGuard(IOptions<OutboundOptions> options)
{
    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];

    /// <summary>Time to connect, TLS included.</summary>
    public TimeSpan ConnectTimeout => options.Value.ConnectTimeout;

    public bool Allows(IPAddress address)
    {
        var plain = ReservedNetworks.Plain(address);
        // A listed network does not open this machine.
        return IPAddress.IsLoopback(plain)
            ? options.Value.AllowLoopback
            : _allowed.Any(n => n.Contains(plain)) || ReservedNetworks.IsPublic(plain);
    }

    /// <summary>The connect callback of a handler.</summary>
    /// <exception cref="OutboundRefusedException">No address of the host is allowed.</exception>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        CheckedConnection.OpenAsync(context, Allows, cancellationToken);
}
