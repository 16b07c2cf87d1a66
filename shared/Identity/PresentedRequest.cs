using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Proofgate.Identity;

/// <summary>The part of a request that authentication may see: headers, addresses and certificate, never the body or the query string (H4).</summary>
/// <param name="Method">As received.</param>
/// <param name="Path">As received, percent-encoding and all, without the query string.</param>
/// <param name="Headers">As received.</param>
/// <param name="Peer">The other end of the socket.</param>
public readonly record struct PresentedRequest(string Method, string Path, IHeaderDictionary Headers, IPAddress? Peer)
{
    /// <summary>The client certificate of the TLS connection that ends in this process. Its chain is not judged: a token is bound to it, or it means nothing.</summary>
    public X509Certificate2? Certificate { get; init; }
}
