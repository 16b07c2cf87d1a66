using Microsoft.Extensions.Options;
using Proofgate.Identity.Credentials;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Usage;

namespace Proofgate.Identity;

/// <summary>Turns the headers of a request into a <see cref="Caller"/> or a refusal, on every request, before the body is read.</summary>
public sealed class Authenticator
{
    private readonly ICredentialHandler[] _handlers;
    private readonly Possession _possession;
    private readonly ClientAddress _addresses;
    private readonly DenyList _denials;
    private readonly FeedClock _feed;
    private readonly KeyUse _use;
    private readonly int _longest;

    internal Authenticator(
        IEnumerable<ICredentialHandler> handlers, Possession possession, DenyList denials, FeedClock feed, KeyUse use, ClientAddress addresses,
        IOptions<IdentityOptions> options)
    {
        _handlers = [.. handlers];
        _possession = possession;
        _denials = denials;
        _feed = feed;
        _use = use;
        _addresses = addresses;
        _longest = options.Value.MaxCredentialLength;
    }

    /// <summary>Completes at once for an API key that is in memory; may read the key store otherwise.</summary>
    public ValueTask<AuthenticationResult> AuthenticateAsync(PresentedRequest request, CancellationToken cancellationToken)
    {
        // 1. Who is at the other end of the line: limits are kept for each network.
        var address = _addresses.Of(request.Headers, request.Peer);

        // 2. Exactly one credential.
        if (CredentialReader.Read(request, address, _longest, out var credential) is { } refusal)
        {
            return new(refusal);
        }

        // 3. The one kind that knows it: whose is it?
        foreach (var handler in _handlers)
        {
            if (handler.Accepts(credential))
            {
                var check = handler.CheckAsync(credential, cancellationToken);

                if (!check.IsCompletedSuccessfully)
                {
                    return ProveAsync(credential, check, cancellationToken);
                }

                // 4. Is it in the hands of whoever it was given to?
                var proof = _possession.ProveAsync(credential, check.Result, cancellationToken);

                // 5. Has nobody taken it back?
                return proof.IsCompletedSuccessfully ? new(Judge(proof.Result)) : JudgeAsync(proof);
            }
        }

        return new(credential.Token.Span.Count('.') == 2 ? Refusals.TokenNotAccepted : Refusals.Unrecognized);
    }

    private async ValueTask<AuthenticationResult> ProveAsync(Credential credential, ValueTask<CredentialCheck> check, CancellationToken cancellationToken) =>
        Judge(await _possession.ProveAsync(credential, await check.ConfigureAwait(false), cancellationToken).ConfigureAwait(false));

    private async ValueTask<AuthenticationResult> JudgeAsync(ValueTask<AuthenticationResult> proof) => Judge(await proof.ConfigureAwait(false));

    /// <summary>K6: whatever the credential is, without the deny list nobody can say that it still holds. K8: only now has it been used.</summary>
    private AuthenticationResult Judge(AuthenticationResult result)
    {
        if (result is not AuthenticationResult.Authenticated authenticated)
        {
            return result;
        }

        if (!_feed.IsFresh)
        {
            return Refusals.Unavailable;
        }

        if (_denials.Denies(authenticated.Caller))
        {
            return Refusals.Denied;
        }

        _use.Note(authenticated.Caller);
        return result;
    }
}
