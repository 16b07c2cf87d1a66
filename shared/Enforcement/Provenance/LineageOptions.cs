namespace Proofgate.Enforcement.Provenance;

/// <summary>Section <c>Proofgate:Lineage</c>: tokens of answers, and sessions.</summary>
public sealed class LineageOptions
{
    public const string Section = "Proofgate:Lineage";

    internal const int LongestToken = 4096;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>How long an answer's token can be attached to a later call. Default 24 h.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Characters of a new token: it is a header of every answer. Where the names of its datasets do not fit, it has their digest and the highest label. Default 1024.</summary>
    public int MaxTokenLength { get; set; } = 1024;

    /// <summary>Tokens that one call may carry, in headers and body together. Default 16.</summary>
    public int MaxTokens { get; set; } = 16;

    /// <summary>How long after its first call a session ends. Default 24 h.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(24);

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[] { (nameof(TokenLifetime), TokenLifetime), (nameof(SessionLifetime), SessionLifetime) })
        {
            if (value < TimeSpan.FromSeconds(1) || value > Longest)
            {
                yield return $"{Section}:{name} must be 1 s to {Longest.TotalDays:0} days.";
            }
        }

        if (MaxTokenLength is < 512 or > LongestToken)
        {
            yield return $"{Section}:{nameof(MaxTokenLength)} must be 512 to {LongestToken}.";
        }

        if (MaxTokens is < 1 or > 256)
        {
            yield return $"{Section}:{nameof(MaxTokens)} must be 1 to 256.";
        }
    }
}
