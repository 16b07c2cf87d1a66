namespace Proofgate.Http;

/// <summary>Section <c>Proofgate:Published</c>: how often one network may read what anybody may read, on one instance.</summary>
public sealed class PublishedOptions
{
    public const string Section = "Proofgate:Published";

    /// <summary>Checkpoints and hash tiles that one network, /32 or /64, may ask for each minute; beyond it 429. Default 1200.</summary>
    public int ReadsPerMinute { get; set; } = 1200;

    /// <summary>Networks whose rate is remembered at once. Default 8192.</summary>
    public int TrackedNetworks { get; set; } = 8192;

    internal IEnumerable<string> Problems()
    {
        if (ReadsPerMinute is < 1 or > 1_000_000)
        {
            yield return $"{Section}:{nameof(ReadsPerMinute)} must be 1 to 1000000.";
        }

        if (TrackedNetworks is < 64 or > 1_000_000)
        {
            yield return $"{Section}:{nameof(TrackedNetworks)} must be 64 to 1000000.";
        }
    }
}
