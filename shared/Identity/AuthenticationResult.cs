namespace Proofgate.Identity;

/// <summary>What became of a request's credential.</summary>
public abstract record AuthenticationResult
{
    private AuthenticationResult()
    {
    }

    /// <param name="Caller">Who is calling.</param>
    /// <param name="Nonce">To be sent as <c>DPoP-Nonce</c>: the one that the caller used is about to end (D20).</param>
    public sealed record Authenticated(Caller Caller, string? Nonce = null) : AuthenticationResult;

    /// <summary>Refused. <paramref name="Code"/> is RFC 6750's error (<c>invalid_request</c> 400, <c>invalid_token</c> 401), or null where no
    /// credential was sent (D19, H3); <paramref name="Reason"/> is for the audit log only and never shown to the caller.</summary>
    /// <param name="Status">400, 401, 429 if the address causes too many costly looks, or 503 if a store that must be asked is out of reach.</param>
    /// <param name="Code">RFC 6750, 3.1, or RFC 9449, 7.1; <c>rate_limit_exceeded</c> with 429, <c>temporarily_unavailable</c> with 503.</param>
    /// <param name="Description">One sentence for the caller, printable ASCII without quote and backslash; the same for an unknown key and a wrong one.</param>
    /// <param name="Reason">Why, for the audit event, for example <c>unknown_key</c>.</param>
    public sealed record Refused(int Status, string? Code, string Description, string Reason) : AuthenticationResult
    {
        /// <summary>The scheme that the caller used, which its error belongs to.</summary>
        public AuthenticationScheme Scheme { get; init; }

        /// <summary>To be sent as <c>DPoP-Nonce</c> with <c>use_dpop_nonce</c> (D18, D20).</summary>
        public string? Nonce { get; init; }

        /// <summary>Set with 429 and 503 (H5).</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}
