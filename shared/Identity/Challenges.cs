using System.Text;
using Proofgate.Identity.Proofs;

namespace Proofgate.Identity;

/// <summary>Values of <c>WWW-Authenticate</c>: the schemes that this deployment really takes (RFC 6750, 3; RFC 9449, 7.1; RFC 9728, 5.1).</summary>
public sealed class Challenges
{
    private const string Realm = "realm=\"proofgate\"";

    private readonly string _bearer;
    private readonly string? _dpop;

    public Challenges(PublicOrigins origins)
    {
        var metadata = origins.First is { } origin ? $", resource_metadata=\"{origin}{MetadataPath}\"" : string.Empty;
        _bearer = $"Bearer {Realm}{metadata}";
        _dpop = origins.First is null ? null : $"DPoP {Realm}, algs=\"{ProofAlgorithm.Names}\"{metadata}";
    }

    /// <summary>Where the metadata of this resource is (RFC 9728, 3).</summary>
    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    /// <summary>
    /// The scheme that was used comes first and carries the error; the other is offered beside it. Who sent nothing made no error (D19, H3).
    /// Empty for statuses that are no question of credentials.
    /// </summary>
    public IReadOnlyList<string> For(AuthenticationResult.Refused refused)
    {
        if (refused.Status is not (400 or 401 or 403))
        {
            return [];
        }

        var error = Error(refused);
        if (_dpop is null)
        {
            return [_bearer + error];
        }

        return refused.Scheme == AuthenticationScheme.DPoP ? [_dpop + error, _bearer] : [_bearer + error, _dpop];
    }

    private static string Error(AuthenticationResult.Refused refused)
    {
        if (refused.Code is null)
        {
            return string.Empty;
        }

        return new StringBuilder(", error=\"").Append(refused.Code).Append("\", error_description=\"").Append(refused.Description).Append('"').ToString();
    }
}
