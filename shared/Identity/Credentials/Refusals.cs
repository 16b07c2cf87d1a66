using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Credentials;

/// <summary>Every refusal of this room, worded once. Built once, so that a flood of them allocates nothing.</summary>
internal static class Refusals
{
    /// <summary>One sentence for a key that is malformed, unknown or wrong: they are not told apart.</summary>
    private const string BadCredential = "The credential is not valid.";

    private const string InvalidRequest = "invalid_request";
    private const string InvalidToken = "invalid_token";

    internal static Refused NoCredential { get; } = new(
        401, null, "No credential was sent. Send an API key as 'Authorization: Bearer <key>'.", "no_credential");

    internal static Refused UnsupportedScheme { get; } = new(
        401, null, "This authentication scheme is not supported. Send an API key as 'Authorization: Bearer <key>'.", "unsupported_scheme");

    internal static Refused SeveralCredentials { get; } = BadRequest("Exactly one credential may be sent.", "several_credentials");

    internal static Refused Malformed { get; } = BadRequest("The credential is malformed.", "malformed_credential");

    internal static Refused TooLong { get; } = BadRequest("The credential is too long.", "credential_too_long");

    internal static Refused MalformedKey { get; } = Invalid(BadCredential, "malformed_key");

    internal static Refused UnknownKey { get; } = Invalid(BadCredential, "unknown_key");

    internal static Refused WrongKey { get; } = Invalid(BadCredential, "wrong_key");

    internal static Refused PepperMissing { get; } = Invalid(BadCredential, "pepper_missing");

    internal static Refused Unrecognized { get; } = Invalid(BadCredential, "unrecognized_credential");

    internal static Refused TokenNotAccepted { get; } = Invalid(BadCredential, "jwt_not_accepted");

    internal static Refused TokenForm { get; } = Invalid(BadCredential, "token_form");

    internal static Refused TokenHeader { get; } = Invalid(BadCredential, "token_header");

    internal static Refused TokenIssuer { get; } = Invalid(BadCredential, "token_issuer");

    internal static Refused TokenType { get; } = Invalid(BadCredential, "token_type");

    internal static Refused TokenAlgorithm { get; } = Invalid(BadCredential, "token_algorithm");

    internal static Refused TokenKey { get; } = Invalid(BadCredential, "token_key");

    internal static Refused TokenSignature { get; } = Invalid(BadCredential, "token_signature");

    internal static Refused OtherTokenKind { get; } = Invalid(BadCredential, "token_kind");

    internal static Refused TokenClaims { get; } = Invalid(BadCredential, "token_claims");

    internal static Refused TokenAudience { get; } = Invalid(BadCredential, "token_audience");

    internal static Refused EarlyToken { get; } = Invalid(BadCredential, "early_token");

    internal static Refused TokenLifetime { get; } = Invalid(BadCredential, "token_lifetime");

    internal static Refused TokenConfirmation { get; } = Invalid(BadCredential, "token_confirmation");

    internal static Refused TokenUnbound { get; } = Invalid(BadCredential, "token_unbound");

    internal static Refused TokenActors { get; } = Invalid(BadCredential, "token_actors");

    internal static Refused TokenTenant { get; } = Invalid(BadCredential, "token_tenant");

    /// <summary>Only a genuine token gets this far.</summary>
    internal static Refused ExpiredToken { get; } = Invalid("The token has expired.", "expired_token");

    /// <summary>The issuer's keys cannot be read: whether the token is good is not known.</summary>
    internal static Refused IssuerUnavailable { get; } = new(
        503, "temporarily_unavailable", "Credentials cannot be checked at the moment. Try again shortly.", "issuer_unavailable")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    // From here on the caller has shown the genuine key, so the truth tells nothing to strangers.
    internal static Refused RevokedKey { get; } = Invalid("The API key was revoked.", "revoked_key");

    /// <summary>K6.</summary>
    internal static Refused Denied { get; } = Invalid("The credential was revoked.", "denied");

    internal static Refused ExpiredKey { get; } = Invalid("The API key has expired.", "expired_key");

    internal static Refused EarlyKey { get; } = Invalid("The API key is not valid yet.", "early_key");

    /// <summary>D16.</summary>
    internal static Refused BoundCredential { get; } = Invalid("The credential is bound to a key pair: send it as 'Authorization: DPoP' with a proof.", "bound_as_bearer");

    /// <summary>D16.</summary>
    internal static Refused UnboundWithProof { get; } =
        Invalid("The credential is bound to no key pair: send it as 'Authorization: Bearer' without a proof.", "unbound_as_dpop") with { Scheme = AuthenticationScheme.DPoP };

    /// <summary>D17.</summary>
    internal static Refused ProofWithoutScheme { get; } = Invalid("A proof was sent with a credential that is not sent as 'Authorization: DPoP'.", "proof_as_bearer");

    internal static Refused ProofNotAccepted { get; } = Invalid("Proof of possession is not accepted here.", "dpop_not_accepted");

    /// <summary>D9: what stands behind us might decode it once more, and serve another resource than the one that was proved for.</summary>
    internal static Refused AmbiguousPath { get; } = BadRequest("The path has an encoded slash, backslash or NUL in it, or is no path of a URI.", "ambiguous_path") with { Scheme = AuthenticationScheme.DPoP };

    /// <summary>D17.</summary>
    internal static Refused ProofMissing { get; } = BadProof("Send a proof in the header DPoP.", "proof_missing");

    /// <summary>D1.</summary>
    internal static Refused SeveralProofs { get; } = BadProof("Exactly one proof may be sent in the header DPoP.", "several_proofs");

    /// <summary>D2.</summary>
    internal static Refused ProofTooLong { get; } = BadProof("The proof is longer than 4096 characters.", "proof_too_long");

    /// <summary>D2.</summary>
    internal static Refused MalformedProof { get; } =
        BadProof("The proof is no compact JWS: three parts in base64url without padding, JSON objects without repeated names, no crit.", "malformed_proof");

    /// <summary>D3.</summary>
    internal static Refused ProofIncomplete { get; } =
        BadProof("The proof needs jti (1 to 256 printable characters), htm, htu and iat (a number), each of its type.", "proof_incomplete");

    /// <summary>D4.</summary>
    internal static Refused ProofType { get; } = BadProof("The typ of the proof must be dpop+jwt.", "proof_type");

    /// <summary>D5.</summary>
    internal static Refused ProofAlgorithm { get; } = BadProof("The alg of the proof must be one of those in algs.", "proof_algorithm");

    /// <summary>D3.</summary>
    internal static Refused ProofKeyMissing { get; } = BadProof("The header of the proof needs the public key as jwk.", "proof_key_missing");

    /// <summary>D7.</summary>
    internal static Refused ProofKeyPrivate { get; } = BadProof("The jwk of the proof holds a private key: stop using that key.", "proof_key_private");

    /// <summary>D5.</summary>
    internal static Refused ProofKeyMismatch { get; } = BadProof("The jwk of the proof is not for its alg.", "proof_key_mismatch");

    /// <summary>D7.</summary>
    internal static Refused ProofKeyInvalid { get; } =
        BadProof("The jwk of the proof is no usable key: a point on its curve in full length, or RSA with 2048 to 8192 bits.", "proof_key_invalid");

    /// <summary>D8.</summary>
    internal static Refused ProofMethod { get; } = BadProof("The htm of the proof is another method than that of the request.", "proof_method");

    /// <summary>D9.</summary>
    internal static Refused ProofTarget { get; } = BadProof("The htu of the proof is another address than that of the request, as clients see it.", "proof_target");

    /// <summary>D9.</summary>
    internal static Refused ProofTargetQuery { get; } = BadProof("The htu of the proof must have no query and no fragment.", "proof_target_query");

    /// <summary>D11.</summary>
    internal static Refused ProofExpired { get; } = BadProof("The iat of the proof is too long ago: make a proof for each request, and check the clock.", "proof_expired");

    /// <summary>D11.</summary>
    internal static Refused ProofEarly { get; } = BadProof("The iat of the proof lies in the future: check the clock.", "proof_early");

    /// <summary>D12.</summary>
    internal static Refused ProofOfAnotherCredential { get; } =
        BadProof("The ath of the proof must be the base64url SHA-256 of the credential that is sent with it.", "proof_ath");

    /// <summary>D13. The proof may be good; with this key the credential is not (RFC 9449, 7.1, figure 14).</summary>
    internal static Refused ProofOfAnotherKey { get; } =
        Invalid("The proof is made with another key pair than the credential is bound to.", "proof_other_key") with { Scheme = AuthenticationScheme.DPoP };

    /// <summary>D6.</summary>
    internal static Refused ProofSignature { get; } = BadProof("The signature of the proof does not hold. ECDSA is signed as R and S, not in DER.", "proof_signature");

    /// <summary>D14.</summary>
    internal static Refused ProofReplayed { get; } = BadProof("The proof was used before: make one for each request.", "proof_replayed");

    /// <summary>D14: what cannot be told from a replay is refused.</summary>
    internal static Refused ReplaysUnavailable { get; } = new(
        503, "temporarily_unavailable", "Proofs cannot be checked at the moment. Try again shortly, with a new proof.", "replay_store_unavailable")
    {
        Scheme = AuthenticationScheme.DPoP,
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    /// <summary>M1, M7.</summary>
    internal static Refused WrongCertificate { get; } = Invalid("The token is bound to another client certificate than that of this connection.", "wrong_certificate");

    internal static Refused Unavailable { get; } = new(
        503, "temporarily_unavailable", "Credentials cannot be checked at the moment. Try again shortly.", "key_store_unavailable")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    internal static Refused Limited(TimeSpan retryAfter) => new(
        429, "rate_limit_exceeded", "Too many unknown credentials from this network. Try again later.", "address_limit")
    {
        RetryAfter = retryAfter,
    };

    internal static Refused ProofsLimited(TimeSpan retryAfter) => new(
        429, "rate_limit_exceeded", "Too many proofs whose signature does not hold came from this network. Try again later.", "address_limit")
    {
        Scheme = AuthenticationScheme.DPoP,
        RetryAfter = retryAfter,
    };

    /// <summary>D10, D18; RFC 9449, 9.</summary>
    internal static Refused UseNonce(string nonce) => new(
        401, "use_dpop_nonce", "The proof needs the nonce of the header DPoP-Nonce: send the request again with a new proof.", "proof_nonce")
    {
        Scheme = AuthenticationScheme.DPoP,
        Nonce = nonce,
    };

    private static Refused BadProof(string description, string reason) =>
        new(401, "invalid_dpop_proof", description, reason) { Scheme = AuthenticationScheme.DPoP };

    private static Refused BadRequest(string description, string reason) =>
        new(400, InvalidRequest, description, reason);

    private static Refused Invalid(string description, string reason) =>
        new(401, InvalidToken, description, reason);
}
