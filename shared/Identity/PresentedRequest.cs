using System.Net;
using Microsoft.AspNetCore.Http;

namespace Proofgate.Identity;

/// <summary>The part of a request that authentication may see: headers and address, never the body or the query string (H4).</summary>
public readonly record struct PresentedRequest(string Method, string Path, IHeaderDictionary Headers, IPAddress? Peer);
