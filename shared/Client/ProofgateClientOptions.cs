namespace Proofgate.Client;

/// <summary>How a client shows itself to a gateway.</summary>
public sealed class ProofgateClientOptions
{
    /// <summary>The gateway's address, for example <c>https://gateway.example.com</c>. No other origin ever sees the credential. https, or http on loopback.</summary>
    public Uri? Gateway { get; set; }

    /// <summary>An API key or an access token.</summary>
    public string? Credential { get; set; }

    /// <summary>Instead of <see cref="Credential"/>: asked before each request, for tokens that are renewed.</summary>
    public Func<CancellationToken, ValueTask<string>>? CredentialSource { get; set; }

    /// <summary>Set where the credential is bound to a key pair: each request then carries a proof (RFC 9449). The handler does not dispose it.</summary>
    public DpopKeyPair? KeyPair { get; set; }

    /// <summary>
    /// Largest body, in bytes, that is kept so that a request can be repeated with the server's nonce; only with <see cref="KeyPair"/>. A larger one fails with
    /// <see cref="HttpRequestException"/>. Default 20 MiB, the gateway's own limit.
    /// </summary>
    public int MaxBufferedBody { get; set; } = 20 * 1024 * 1024;

    internal IEnumerable<string> Problems()
    {
        if (Gateway is not { IsAbsoluteUri: true } gateway || !(gateway.Scheme == Uri.UriSchemeHttps || (gateway.Scheme == Uri.UriSchemeHttp && gateway.IsLoopback)))
        {
            yield return $"{nameof(Gateway)} must be an absolute https address, or http on loopback.";
        }

        if (Credential is null == CredentialSource is null)
        {
            yield return $"Exactly one of {nameof(Credential)} and {nameof(CredentialSource)} must be set.";
        }

        if (Credential is not null && !CredentialText.IsValid(Credential))
        {
            yield return $"{nameof(Credential)} has a character that no API key or token has.";
        }

        if (MaxBufferedBody < 0)
        {
            yield return $"{nameof(MaxBufferedBody)} must not be negative.";
        }
    }
}
