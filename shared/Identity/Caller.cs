using System.Net;

namespace Proofgate.Identity;

/// <summary>Who is calling, as proved by the one credential of the request. Built only by <see cref="Authenticator"/>.</summary>
public sealed record Caller
{
    internal Caller()
    {
    }

    /// <summary>The person or application that the credential stands for: a key's owner, a token's <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether <see cref="Subject"/> is a person or an application.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>The application that presents the credential: a key's public id, a token's <c>client_id</c>.</summary>
    public required string Client { get; init; }

    /// <summary>
    /// Whose limits count: an API key's, else those of a subject of one issuer. All people of an application present its one client id, and must not
    /// use up each other's.
    /// </summary>
    public string Account { get => field ?? Client; init; }

    public required string Tenant { get; init; }

    /// <summary>Who acts for the subject, outermost first (RFC 8693 <c>act</c>). Empty: the subject acts itself.</summary>
    public IReadOnlyList<string> Actors { get; init; } = [];

    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Groups { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Scopes { get; init; } = new HashSet<string>();

    public required AuthenticationMethod Method { get; init; }

    /// <summary>Whether possession of a bound key was proved on this request.</summary>
    public bool Bound { get; init; }

    /// <summary>RFC 7638 thumbprint of the key that the credential is bound to, base64url.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>A token's <c>iss</c>; null for an API key.</summary>
    public string? Issuer { get; init; }

    /// <summary>A token's <c>jti</c>, where it has one.</summary>
    public string? TokenId { get; init; }

    /// <summary>Id of the issuer's key that a token was signed with, where it has one.</summary>
    public string? SigningKeyId { get; init; }

    /// <summary>Set for API keys: what the key itself may at most do.</summary>
    public KeyLimits? Limits { get; init; }

    /// <summary>Clearance rank from the key's record or a verified claim; least privilege is 0.</summary>
    public long Clearance { get; init; }

    /// <summary>Purpose from the key's record or a verified claim.</summary>
    public string? Purpose { get; init; }

    /// <summary>Risk that a verified claim tells, higher is worse; null where none does.</summary>
    public long? Risk { get; init; }

    public string? Acr { get; init; }

    public IReadOnlyList<string> Amr { get; init; } = [];

    public DateTimeOffset? AuthTime { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>The client's address by N1; null if it is missing or malformed, and then no network condition holds.</summary>
    public IPAddress? Address { get; init; }
}
