using System.Net;
using Proofgate.Outbound;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// Opens connections to issuers. Hosts that settings name may be anywhere; one that only a discovery document names must not lead into our own
/// network, to link-local addresses or to the platform's metadata service.
/// </summary>
internal sealed class IssuerAddresses(IEnumerable<string> named)
{
    private readonly HashSet<string> _named = named.ToHashSet(StringComparer.OrdinalIgnoreCase);

    internal bool Allows(string host, IPAddress address) => _named.Contains(host) || ReservedNetworks.IsPublic(address);

    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        try
        {
            return await CheckedConnection.OpenAsync(context, address => Allows(host, address), cancellationToken).ConfigureAwait(false);
        }
        catch (OutboundRefusedException)
        {
            throw new IssuerOutageException($"'{host}', which no setting names, has no public address.");
        }
    }
}
