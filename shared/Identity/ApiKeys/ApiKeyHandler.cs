using System.Net;
using Microsoft.Extensions.Logging;
using Proofgate.Identity.Credentials;
using Proofgate.Identity.Revocation;

namespace Proofgate.Identity.ApiKeys;

/// <summary>API keys as credentials. A key that is in memory is checked without waiting.</summary>
internal sealed class ApiKeyHandler(ApiKeyHasher hasher, ApiKeyCache cache, FeedClock feed, TimeProvider time, ILogger<ApiKeyHandler> log)
    : ICredentialHandler
{
    /// <summary>How far the clock that made a key may run ahead of ours; else a new key would be refused for a moment.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    public bool Accepts(in Credential credential) =>
        credential.Carrier == CredentialCarrier.KeyHeader || credential.Token.Span.StartsWith(ApiKey.Prefix, StringComparison.Ordinal);

    public ValueTask<CredentialCheck> CheckAsync(in Credential credential, CancellationToken cancellationToken)
    {
        if (!ApiKey.TryParse(credential.Token, out var key))
        {
            return new(Refusals.MalformedKey);
        }

        if (!feed.IsFresh || !hasher.IsReady)
        {
            return new(Refusals.Unavailable);
        }

        if (!cache.TryGet(key.Id, out var known))
        {
            return new(ReadAsync(key, credential.Address, cancellationToken));
        }

        if (hasher.Verify(key, known?.Record))
        {
            return new(Judge(known!));
        }

        return cache.IsRefuted(key.Id) ? new(Mismatch(known)) : new(ProbeAsync(key, known, credential.Address, cancellationToken));
    }

    private async Task<CredentialCheck> ReadAsync(ApiKey key, IPAddress? address, CancellationToken cancellationToken)
    {
        switch (await cache.ReadAsync(key.Id, address, cancellationToken).ConfigureAwait(false))
        {
            case KeyLookup.Answered answer when hasher.Verify(key, answer.Key?.Record):
                return Judge(answer.Key!);
            case KeyLookup.Answered answer:
                cache.Refute(key.Id);
                return Mismatch(answer.Key);
            case KeyLookup.Limited limited:
                return Refusals.Limited(limited.RetryAfter);
            default:
                return Refusals.Unavailable;
        }
    }

    /// <summary>
    /// A wrong secret for a key that is in memory costs the look at the store that an unknown id costs, once, as there; else the quicker answer
    /// would say that the id exists.
    /// </summary>
    private async Task<CredentialCheck> ProbeAsync(ApiKey key, CachedKey? known, IPAddress? address, CancellationToken cancellationToken)
    {
        switch (await cache.ReadAsync(key.Id, address, cancellationToken).ConfigureAwait(false))
        {
            case KeyLookup.Answered:
                cache.Refute(key.Id);
                return Mismatch(known);
            case KeyLookup.Limited limited:
                return Refusals.Limited(limited.RetryAfter);
            default:
                return Refusals.Unavailable;
        }
    }

    private AuthenticationResult.Refused Mismatch(CachedKey? key)
    {
        if (key is null)
        {
            return Refusals.UnknownKey;
        }

        if (hasher.HasPepper(key.Record.PepperVersion))
        {
            return Refusals.WrongKey;
        }

        log.PepperMissing(key.Record.Id, key.Record.PepperVersion);
        return Refusals.PepperMissing;
    }

    private CredentialCheck Judge(CachedKey key)
    {
        var now = time.GetUtcNow();
        return key.Record switch
        {
            { State: not ApiKeyState.Active } => Refusals.RevokedKey,
            { Expires: { } expires } when expires <= now => Refusals.ExpiredKey,
            { NotBefore: var start } when start > now + ClockSkew => Refusals.EarlyKey,
            _ => key.Credential,
        };
    }
}
