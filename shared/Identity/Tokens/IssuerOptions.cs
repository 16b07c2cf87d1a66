namespace Proofgate.Identity.Tokens;

/// <summary>One issuer of access tokens: <c>Proofgate:Issuers:{name}</c>.</summary>
/// <remarks>
/// Microsoft Entra, one tenant, v2 tokens (<c>requestedAccessTokenVersion: 2</c>; <c>idtyp</c> as an optional claim tells applications from people):
/// <code>
/// Proofgate__Issuers__entra__Issuer=https://login.microsoftonline.com/{tenant id}/v2.0
/// Proofgate__Issuers__entra__Audiences__0={application id of Proofgate's registration}
/// Proofgate__Issuers__entra__Algorithms__0=RS256
/// Proofgate__Issuers__entra__AcceptTypJwt=true
/// Proofgate__Issuers__entra__Tenant=contoso
/// Proofgate__Issuers__entra__RoleMap__Proofgate.Reader=reader
/// Proofgate__Issuers__entra__GroupsClaim=groups
/// Proofgate__Issuers__entra__GroupMap__{group id}=research
/// </code>
/// A claim name that starts with a slash is a path into the token, for example Keycloak's <c>/realm_access/roles</c>.
/// </remarks>
public sealed class IssuerOptions
{
    /// <summary>Exactly the token's <c>iss</c> (A3).</summary>
    public string Issuer { get; set; } = string.Empty;

    /// <summary>Our names as the issuer knows them; a token's <c>aud</c> must hold one (A4, O2).</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Signature algorithms that this issuer uses (B1). Empty: RS256, PS256, ES256.</summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Whether <c>typ: JWT</c> passes for an access token (A1). Entra needs it; default false: only <c>at+jwt</c>.</summary>
    public bool AcceptTypJwt { get; set; }

    /// <summary>Discovery document. Default: the issuer followed by <c>/.well-known/openid-configuration</c>.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>Key set to be read without discovery.</summary>
    public string? JwksUri { get; set; }

    /// <summary>Tenant of all its subjects. Either this or <see cref="TenantClaim"/>.</summary>
    public string? Tenant { get; set; }

    /// <summary>Claim that names the tenant; a token without it is refused. The issuer may then speak for every tenant.</summary>
    public string? TenantClaim { get; set; }

    /// <summary>Claim that holds roles: a string or a list of them. Default <c>roles</c>; empty: none.</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>Value of the claim to role. Where it is given, values that it does not name count for nothing.</summary>
    public IDictionary<string, string> RoleMap { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Claim that holds groups. Default: none.</summary>
    public string? GroupsClaim { get; set; }

    /// <summary>Value of the claim to group, as <see cref="RoleMap"/>.</summary>
    public IDictionary<string, string> GroupMap { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Claim that holds the clearance rank, a number from 0. Default: none, and everybody has 0.</summary>
    public string? ClearanceClaim { get; set; }

    /// <summary>Claim that holds the purpose. Default: none.</summary>
    public string? PurposeClaim { get; set; }

    /// <summary>
    /// Claim that holds the issuer's estimate of risk, a number from 0, higher is worse. Default: none. A value that is no such number counts as the
    /// highest risk.
    /// </summary>
    public string? RiskClaim { get; set; }

    /// <summary>
    /// Put before each <c>sub</c>, so that the same <c>sub</c> of two issuers is two subjects. Default: the name of the section and a colon. No
    /// issuer's prefix may begin with another's.
    /// </summary>
    public string? SubjectPrefix { get; set; }

    /// <summary>Whether tokens that are bound to no key are refused.</summary>
    public bool RequireBound { get; set; }

    /// <summary>Longest time between <c>iat</c> and <c>exp</c> (D24). Default 24 h.</summary>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How far the issuer's clock may differ from ours (A6), at most 60 s. Default 30 s.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which keys are read again. Default 1 h.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Shortest time between two reads that unknown key ids cause. Default 30 s.</summary>
    public TimeSpan MinRefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How old keys may get while the issuer is out of reach; then 503. Default 24 h.</summary>
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromHours(24);
}
