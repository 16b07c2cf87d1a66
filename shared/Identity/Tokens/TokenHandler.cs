using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Credentials;

namespace Proofgate.Identity.Tokens;

/// <summary>JWT access tokens as credentials (RFC 9068). A token that is in memory is checked without waiting.</summary>
internal sealed class TokenHandler(Issuers issuers, TokenCache cache, TokenJudge judge, AddressLimiter limiter, TimeProvider time) : ICredentialHandler
{
    /// <summary>Three parts, and never in a header for keys. Without issuers nothing is accepted.</summary>
    public bool Accepts(in Credential credential) =>
        !issuers.None
        && credential.Carrier != CredentialCarrier.KeyHeader
        && !credential.Token.Span.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
        && credential.Token.Span.Count('.') == 2;

    public ValueTask<CredentialCheck> CheckAsync(in Credential credential, CancellationToken cancellationToken)
    {
        // 1. Known, and still good?
        var digest = TokenDigest.Of(credential.Token.Span);
        if (TryRecall(digest, out var known))
        {
            return new(known);
        }

        // 2. The form, strictly, before anything costs.
        if (!TokenReader.TryRead(credential.Token.Span, out var token))
        {
            return new(Refusals.TokenForm);
        }

        if (!TokenHeader.IsPlain(token.Header))
        {
            return new(Refusals.TokenHeader);
        }

        // 3. One issuer says what else must hold (A3, A1, B1).
        if (!issuers.TryFind(token.Issuer, out var issuer))
        {
            return new(Refusals.TokenIssuer);
        }

        if (!TokenType.IsAccepted(token.Type, issuer.Options.AcceptTypJwt))
        {
            return new(Refusals.TokenType);
        }

        if (issuer.Algorithm(token.Algorithm) is not { } algorithm)
        {
            return new(Refusals.TokenAlgorithm);
        }

        // 4. A stranger may not make us work without end.
        return limiter.TryTake(credential.Address) is { Allowed: false, RetryAfter: var retryAfter }
            ? new(Refusals.Limited(retryAfter))
            : new(VerifyAsync(credential, digest, token, issuer, algorithm, cancellationToken));
    }

    private async Task<CredentialCheck> VerifyAsync(
        Credential credential, TokenDigest digest, PresentedToken token, Issuer issuer, SignatureAlgorithm algorithm, CancellationToken cancellationToken)
    {
        // 5. The issuer's own keys (A5, B8, B10).
        var answer = await issuer.Keys.FindAsync(token.KeyId, algorithm, cancellationToken).ConfigureAwait(false);
        if (answer is not KeyAnswer.Found found)
        {
            return answer is KeyAnswer.NoSuchKey ? Refusals.TokenKey : Refusals.IssuerUnavailable;
        }

        if (TokenSignature.Verify(credential.Token.Span, algorithm, found.Keys) is not { } key)
        {
            return Refusals.TokenSignature;
        }

        // 6. From here on the issuer speaks, be it of something that is of no use here.
        limiter.Return(credential.Address);
        var check = judge.Judge(token, issuer, key.Id);
        if (check is CredentialCheck.Genuine genuine)
        {
            cache.Set(digest, new VerifiedToken(issuer, found.Set, genuine));
        }

        return check;
    }

    /// <summary>Keys that were withdrawn, or are too old to be trusted, take their tokens with them.</summary>
    private bool TryRecall(TokenDigest digest, out CredentialCheck check)
    {
        check = Refusals.ExpiredToken;
        if (!cache.TryGet(digest, out var known))
        {
            return false;
        }

        if (known.Check.Caller.Expires <= time.GetUtcNow())
        {
            cache.Remove(digest);
            return true;
        }

        if (known.Issuer.Keys.Current is not { } keys)
        {
            return false;
        }

        if (keys != known.Keys)
        {
            cache.Remove(digest);
            return false;
        }

        check = known.Check;
        return true;
    }
}
