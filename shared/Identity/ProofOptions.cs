using Proofgate.Identity.ApiKeys;

namespace Proofgate.Identity;

/// <summary>Section <c>Proofgate:Dpop</c>: proofs of possession (RFC 9449).</summary>
public sealed class ProofOptions
{
    public const string Section = "Proofgate:Dpop";

    /// <summary>Base64 of at least 32 random bytes, the same on every instance; needed only with a <see cref="NoncePolicy"/> that uses nonces.</summary>
    public const string NonceSecretKey = "Proofgate:Secrets:DpopNonce";

    public const int LeastSecretBytes = 32;

    /// <summary>Default off.</summary>
    public NoncePolicy NoncePolicy { get; set; }

    /// <summary>How long ago a proof may have been made (D11). Default 60 s.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far a client's clock may run ahead (D11). Default 10 s.</summary>
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Used proofs that an instance remembers, so that the store need not be asked for them. Default 50000.</summary>
    public int RememberedProofs { get; set; } = 50_000;

    /// <summary>How long noting a proof's use may take before it counts as failed, and the call is answered 503. Default 3 s.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Not public, so that it is bound from its own key alone.</summary>
    internal string? NonceSecret { get; set; }

    internal byte[]? NonceSecretBytes => ApiKeyPepperOptions.TrySecret(NonceSecret);

    internal IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(NoncePolicy))
        {
            yield return $"{Section}:{nameof(NoncePolicy)} must be off, optional or required.";
        }

        foreach (var (name, value, least, most) in new[]
        {
            (nameof(MaxAge), MaxAge, 5, 600),
            (nameof(MaxAhead), MaxAhead, 0, 60),
            (nameof(StoreTimeout), StoreTimeout, 1, 30),
        })
        {
            if (value < TimeSpan.FromSeconds(least) || value > TimeSpan.FromSeconds(most))
            {
                yield return $"{Section}:{name} must be {least} to {most} s.";
            }
        }

        if (RememberedProofs is < 16 or > 1_000_000)
        {
            yield return $"{Section}:{nameof(RememberedProofs)} must be 16 to 1000000.";
        }

        // The value stays out of the message: it is a secret.
        if (NonceSecretBytes is null && (NonceSecret is not null || NoncePolicy != NoncePolicy.Off))
        {
            yield return $"{NonceSecretKey} must be base64 of at least {LeastSecretBytes} random bytes, for example from 'openssl rand -base64 32'.";
        }
    }
}
