using System.Net;
using System.Net.Sockets;

namespace Proofgate.Outbound;

/// <summary>
/// Opens a connection after looking at the addresses that the name resolved to, so that no name leads where nobody meant to go. The check and the connection use the same
/// addresses. A handler with such a callback must use no proxy: the proxy's address would be the one that is looked at.
/// </summary>
public static class CheckedConnection
{
    /// <param name="context">From the handler.</param>
    /// <param name="allows">Which addresses may be connected to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OutboundRefusedException">None may.</exception>
    public static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, Predicate<IPAddress> allows, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var permitted = Array.FindAll(addresses, allows);
        if (permitted.Length == 0)
            throw new OutboundRefusedException(host);
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
