using System.Buffers;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Proofgate.Http;

/// <summary>
/// Lets pages of listed origins call from a browser (the Fetch standard's CORS), and nobody else's. Cookies are never a credential here, so
/// they are never asked for. The doors cannot have middleware, so the front desk asks this itself.
/// </summary>
public sealed class Cors
{
    /// <summary>Seconds that a browser may remember a preflight's answer.</summary>
    private const string Remembered = "600";

    private const int MaxHeadersLength = 2048;

    /// <summary>What a client needs to read: D22, and the headers by which an answer is found again.</summary>
    private const string Exposed = "WWW-Authenticate, DPoP-Nonce, Retry-After, Proofgate-Audit-Id, Proofgate-Audit-Promise, Proofgate-Label, Proofgate-Lineage, Proofgate-Session";

    private static readonly SearchValues<char> HeaderList =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_, ");

    private readonly FrozenSet<string> _origins;

    public Cors(IOptions<CorsOptions> options) => _origins = options.Value.Origins.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Adds what the page's browser needs to see.</summary>
    /// <returns>True if the request was a preflight of a listed origin, which is answered: it carries no credential, and nothing is done by it.</returns>
    internal bool Answers(Route route, HttpContext http)
    {
        if (_origins.Count == 0)
        {
            return false;
        }

        // An answer to one origin must not be served from a cache to another.
        var headers = http.Response.Headers;
        headers.Append("Vary", "Origin");
        if (http.Request.Headers.Origin is not [{ } origin] || !_origins.Contains(origin))
        {
            return false;
        }

        headers.AccessControlAllowOrigin = origin;
        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            headers.AccessControlExposeHeaders = Exposed;
            return false;
        }

        headers.AccessControlAllowMethods = string.Join(", ", route.Methods);
        headers.AccessControlMaxAge = Remembered;
        if (http.Request.Headers.AccessControlRequestHeaders is [{ Length: <= MaxHeadersLength } wanted] && !wanted.AsSpan().ContainsAnyExcept(HeaderList))
        {
            // SDKs send headers of their own; what reaches us is read by name and never passed on.
            headers.AccessControlAllowHeaders = wanted;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
