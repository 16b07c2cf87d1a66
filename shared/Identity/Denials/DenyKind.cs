namespace Proofgate.Identity.Denials;

/// <summary>What an entry of the deny list names (K6).</summary>
public enum DenyKind
{
    /// <summary>One token: its <c>jti</c>.</summary>
    TokenId,

    /// <summary>A person or application, also where it acts for another (RFC 8693).</summary>
    Subject,

    /// <summary>An API key's public id, or a token's <c>client_id</c>.</summary>
    Client,

    /// <summary>RFC 7638 thumbprint of a key pair that credentials are bound to.</summary>
    Thumbprint,

    /// <summary>A key that an issuer signs tokens with: <c>iss</c>, a space, <c>kid</c>.</summary>
    IssuerKey,
}
