using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Proofgate.Identity;

namespace Proofgate.Http.Mcp;

/// <summary>
/// Turns pages away that a browser took here under another name (DNS rebinding). The host must be one of the deployment's, or this machine's; an origin one of the deployment's, one of
/// <c>Proofgate:Cors:Origins</c>, or this machine's where it was reached as such. Without <c>Proofgate:PublicOrigins</c> the host's names are not known; then only origins tell.
/// </summary>
public sealed class OriginCheck(PublicOrigins origins, IOptions<CorsOptions> cors)
{
    private readonly FrozenSet<string> _origins = origins.All.Concat(cors.Value.Origins).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenSet<string> _hosts = origins.All.Select(static o => new Uri(o).Authority).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal bool Admits(HttpRequest request)
    {
        var host = request.Host;
        var local = IsLocal(host.Host);
        if (!local && _hosts.Count > 0 && !_hosts.Contains(host.Value ?? string.Empty))
        {
            return false;
        }

        return request.Headers.Origin.Count == 0
            || (request.Headers.Origin is [{ } origin] && (_origins.Contains(origin) || (local && Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocal(page.Host))));
    }

    private static bool IsLocal(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
