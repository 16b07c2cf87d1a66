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

    private static Refused BadRequest(string description, string reason) =>
        new(400, InvalidRequest, description, reason);

    private static Refused Invalid(string description, string reason) =>
        new(401, InvalidToken, description, reason);
}
