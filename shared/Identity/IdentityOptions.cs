using Proofgate.Identity.Certificates;

namespace Proofgate.Identity;

/// <summary>Section <c>Proofgate:Identity</c>: limits of one instance.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Proofgate:Identity";

    /// <summary>Age at which a new key expires where its creator asks for nothing else. Default 90 days.</summary>
    public TimeSpan DefaultKeyAge { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Longest credential that is looked at, in characters. Default 8192.</summary>
    public int MaxCredentialLength { get; set; } = 8192;

    /// <summary>Key records that an instance keeps in memory. Default 10000.</summary>
    public int CachedKeys { get; set; } = 10_000;

    /// <summary>Key ids that an instance remembers as refused, so that asking again costs no read. Default 4096.</summary>
    public int CachedRefusals { get; set; } = 4096;

    /// <summary>Reads of the key store that may be under way at once for unknown callers; beyond it 503. Default 128.</summary>
    public int ConcurrentReads { get; set; } = 128;

    /// <summary>How long a read of the key store may take before it counts as failed. Default 2 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Costly looks (a read of the key store) that one network, /32 or /64, may cause each minute; beyond it 429. Default 300.</summary>
    public int LookupsPerMinute { get; set; } = 300;

    /// <summary>Networks whose rate is remembered at once. Default 8192.</summary>
    public int TrackedNetworks { get; set; } = 8192;

    /// <summary>Genuine tokens that an instance keeps in memory, so that their signatures are not checked again. Default 10000.</summary>
    public int CachedTokens { get; set; } = 10_000;

    /// <summary>Where client certificates come from, for tokens that are bound to one (RFC 8705). Default: nowhere.</summary>
    public ClientCertificateSource ClientCertificates { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (DefaultKeyAge < TimeSpan.FromHours(1) || DefaultKeyAge > TimeSpan.FromDays(3650))
        {
            yield return $"{Section}:{nameof(DefaultKeyAge)} must be 1 hour to 3650 days.";
        }

        if (ReadTimeout < TimeSpan.FromMilliseconds(50) || ReadTimeout > TimeSpan.FromSeconds(30))
        {
            yield return $"{Section}:{nameof(ReadTimeout)} must be 50 ms to 30 s.";
        }

        foreach (var (name, value, least, most) in new[]
        {
            (nameof(MaxCredentialLength), MaxCredentialLength, 512, 32 * 1024),
            (nameof(CachedKeys), CachedKeys, 16, 1_000_000),
            (nameof(CachedRefusals), CachedRefusals, 16, 1_000_000),
            (nameof(CachedTokens), CachedTokens, 16, 1_000_000),
            (nameof(ConcurrentReads), ConcurrentReads, 1, 10_000),
            (nameof(LookupsPerMinute), LookupsPerMinute, 1, 1_000_000),
            (nameof(TrackedNetworks), TrackedNetworks, 64, 1_000_000),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name} must be {least} to {most}.";
            }
        }
    }
}
