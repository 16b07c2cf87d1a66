namespace Proofgate.Enforcement.Limits;

/// <summary>
/// Section <c>Proofgate:Admission</c>: limits of one instance, and the defaults of keys. A key's own limits come before the bundle's, and those before these.
/// </summary>
public sealed class AdmissionOptions
{
    public const string Section = "Proofgate:Admission";

    /// <summary>Requests a minute for each key, or subject of an issuer, that names no rate of its own. Default 600.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Open requests of one key. Default 64.</summary>
    public int ConcurrentPerKey { get; set; } = 64;

    /// <summary>Open requests of the instance; beyond it 503. Default 1024.</summary>
    public int Concurrent { get; set; } = 1024;

    /// <summary>Requests that may wait for a place of the instance; beyond it 503 at once. Default 128.</summary>
    public int Waiting { get; set; } = 128;

    /// <summary>How long one waits. Default 1 s.</summary>
    public TimeSpan WaitingTime { get; set; } = TimeSpan.FromSeconds(1);

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

        if (Waiting is < 0 or > 100_000)
        {
            yield return $"{Section}:{nameof(Waiting)} must be 0 to 100000.";
        }

        if (WaitingTime < TimeSpan.Zero || WaitingTime > TimeSpan.FromSeconds(30))
        {
            yield return $"{Section}:{nameof(WaitingTime)} must be 00:00:00 to 00:00:30.";
        }

        if (TokensPerDay < 0)
        {
            yield return $"{Section}:{nameof(TokensPerDay)} must not be negative.";
        }
    }
}
