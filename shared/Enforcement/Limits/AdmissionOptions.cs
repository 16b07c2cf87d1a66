namespace Proofgate.Enforcement.Limits;

/// <summary>Section <c>Proofgate:Admission</c>: limits of one instance. A key's own limits come before the defaults.</summary>
public sealed class AdmissionOptions
{
    public const string Section = "Proofgate:Admission";

    /// <summary>Requests a minute for each key, or subject of an issuer, that names no rate of its own. Default 600.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Open requests of one key. Default 64.</summary>
    public int ConcurrentPerKey { get; set; } = 64;

    /// <summary>Open requests of the instance; beyond it 503. Default 1024.</summary>
    public int Concurrent { get; set; } = 1024;

    /// <summary>Tokens a UTC day for each key, or subject of an issuer, that names no budget of its own; 0: no limit. Default 0.</summary>
    public long TokensPerDay { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (RequestsPerMinute is < 1 or > 10_000_000)
        {
            yield return $"{Section}:{nameof(RequestsPerMinute)} must be 1 to 10000000.";
        }

        if (ConcurrentPerKey is < 1 or > 100_000)
        {
            yield return $"{Section}:{nameof(ConcurrentPerKey)} must be 1 to 100000.";
        }

        if (Concurrent is < 1 or > 100_000)
        {
            yield return $"{Section}:{nameof(Concurrent)} must be 1 to 100000.";
        }

        if (TokensPerDay < 0)
        {
            yield return $"{Section}:{nameof(TokensPerDay)} must not be negative.";
        }
    }
}
