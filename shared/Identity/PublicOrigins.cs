using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Proofgate.Identity.Proofs;

namespace Proofgate.Identity;

/// <summary>The origins of this deployment as clients see them (RFC 6454), by setting.</summary>
public sealed class PublicOrigins
{
    public PublicOrigins(IOptions<PublicOriginsOptions> options) =>
        All = [.. options.Value.PublicOrigins.Select(static o => TryParse(o, out var origin) ? origin : throw new ArgumentException($"'{o}' is no origin."))];

    /// <summary>Each as scheme, host in lower case, and port where it is not the scheme's own; without a slash at the end.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The deployment's name in metadata and challenges; null if none is configured.</summary>
    public string? First => All.Count > 0 ? All[0] : null;

    internal static bool TryParse(string? text, [NotNullWhen(true)] out string? origin)
    {
        origin = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            || uri is not { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, AbsolutePath: "/" }
            || text.Contains('?', StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal))
        {
            return false;
        }

        // A proof names hosts as they are looked up (RFC 3986, 3.2.2): one that it could not name would refuse every proof.
        origin = ProofTarget.NormalOrigin(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        return origin is not null;
    }
}
