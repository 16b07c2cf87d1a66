namespace Proofgate.Inference.ToolServers;

/// <summary>Section <c>Proofgate:Tools</c>: how registered servers of tools are asked.</summary>
public sealed class ToolOptions
{
    public const string Section = "Proofgate:Tools";

    /// <summary>How long what a server says of its tools counts; after it a call asks again first. Default 60 s.</summary>
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a server that did not say it is left alone. Default 15 s.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a server may take to name its tools. Default 5 s.</summary>
    public TimeSpan ListTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of one answer of a server, unpacked. Default 8 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 8 * 1024 * 1024;

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[] { (nameof(Refresh), Refresh), (nameof(RetryAfter), RetryAfter), (nameof(ListTimeout), ListTimeout) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                yield return $"{Section}:{name} must be over 0 and at most 1 hour.";
            }
        }

        if (MaxAnswerBytes is < 16 * 1024 or > 128 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxAnswerBytes)} must be 16 KiB to 128 MiB.";
        }
    }
}
