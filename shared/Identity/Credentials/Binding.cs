namespace Proofgate.Identity.Credentials;

/// <summary>The keys that a credential is bound to. Where both are named, both must be proved (M6).</summary>
/// <param name="KeyThumbprint">RFC 7638 thumbprint (<c>cnf.jkt</c>, or the API key's own binding): a DPoP proof by that key is needed.</param>
/// <param name="CertificateThumbprint">SHA-256 of a DER certificate, base64url (<c>cnf.x5t#S256</c>): mutual TLS with it is needed.</param>
internal sealed record Binding(string? KeyThumbprint, string? CertificateThumbprint);
