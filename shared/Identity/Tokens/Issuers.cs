using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Tokens;

/// <summary>The issuers whose tokens are accepted, by their exact <c>iss</c> (A3).</summary>
internal sealed class Issuers(IOptions<IssuersOptions> options, IssuerClient client, TimeProvider time, ILogger<IssuerKeys> log)
{
    private readonly FrozenDictionary<string, Issuer> _issuers = options.Value.Issuers
        .Select(i => new Issuer(i.Key, i.Value, new IssuerKeys(i.Key, i.Value, client, time, log)))
        .ToFrozenDictionary(static i => i.Options.Issuer, StringComparer.Ordinal);

    internal bool None => _issuers.Count == 0;

    internal bool TryFind(string? name, [NotNullWhen(true)] out Issuer? issuer)
    {
        issuer = null;
        return name is not null && _issuers.TryGetValue(name, out issuer);
    }
}
