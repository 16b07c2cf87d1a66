using System.Globalization;
using System.Text;
using Proofgate.Identity.Proofs;

namespace Proofgate.Identity;

/// <summary>Values of <c>WWW-Authenticate</c>: the schemes that this deployment really takes (RFC 6750, 3; RFC 9449, 7.1; RFC 9728, 5.1).</summary>
public sealed class Challenges
{
    private const string Realm = "realm=\"proofgate\"";

    private readonly string? _origin;

    public Challenges(PublicOrigins origins) => _origin = origins.First;

    /// <summary>Where the metadata of this resource is (RFC 9728, 3).</summary>
    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    /// <summary>
    /// The scheme that was used comes first and carries the error; the other is offered beside it. Who sent nothing made no error (D19, H3).
    /// Empty for statuses that are no question of credentials.
    /// </summary>
    /// <param name="refused">Why.</param>
    /// <param name="resource">The path whose metadata is named, where it is a resource of its own; null: the deployment.</param>
    public IReadOnlyList<string> For(AuthenticationResult.Refused refused, string? resource = null)
    {
        if (refused.Status is not (400 or 401 or 403))
        {
            return [];
        }

        var error = Error(refused);
        var (bearer, dpop) = (Bearer(resource), DPoP(resource));
        if (dpop is null)
        {
            return [bearer + error];
        }

        return refused.Scheme == AuthenticationScheme.DPoP ? [dpop + error, bearer] : [bearer + error, dpop];
    }

    /// <summary>For a caller who is known and may not: more rights (RFC 6750, 3.1) or a stronger sign-in (RFC 9470, 3) is needed.</summary>
    /// <param name="caller">Whose credential is not enough.</param>
    /// <param name="acr">Of the sign-in that would be; with <paramref name="maxAge"/> null too, none would.</param>
    /// <param name="maxAge">Of the sign-in that would be.</param>
    /// <param name="resource">The path whose metadata is named, where it is a resource of its own; null: the deployment.</param>
    public IReadOnlyList<string> ForMore(Caller caller, string? acr, TimeSpan? maxAge, string? resource = null)
    {
        var challenge = new StringBuilder((caller.Thumbprint is not null ? DPoP(resource) : null) ?? Bearer(resource));
        if (acr is null && maxAge is null)
        {
            return [challenge.Append(", error=\"insufficient_scope\"").ToString()];
        }

        challenge.Append(", error=\"insufficient_user_authentication\", error_description=\"A stronger or more recent sign-in is required.\"");
        if (acr is not null)
        {
            challenge.Append(", acr_values=\"").Append(acr).Append('"');
        }

        if (maxAge is { } age)
        {
            challenge.Append(CultureInfo.InvariantCulture, $", max_age=\"{(long)age.TotalSeconds}\"");
        }

        return [challenge.ToString()];
    }

    private string Bearer(string? resource) => $"Bearer {Realm}{Metadata(resource)}";

    /// <summary>Null where no proof is taken.</summary>
    private string? DPoP(string? resource) => _origin is null ? null : $"DPoP {Realm}, algs=\"{ProofAlgorithm.Names}\"{Metadata(resource)}";

    private string Metadata(string? resource) => _origin is null ? string.Empty : $", resource_metadata=\"{_origin}{MetadataPath}{resource}\"";

    private static string Error(AuthenticationResult.Refused refused)
    {
        if (refused.Code is null)
        {
            return string.Empty;
        }

        return new StringBuilder(", error=\"").Append(refused.Code).Append("\", error_description=\"").Append(refused.Description).Append('"').ToString();
    }
}
