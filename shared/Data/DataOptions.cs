namespace Proofgate.Data;

/// <summary>Section <c>Proofgate:Data</c>.</summary>
public sealed class DataOptions
{
    public const string Section = "Proofgate:Data";

    /// <summary>Bytes of an answer in JSON, which is held until it is whole. NDJSON has no such limit. Default 4 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a source that was found to be as the catalogue says is taken to be so. Default 5 minutes.</summary>
    public TimeSpan RecheckInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time for a source to say what it is like. Default 10 s.</summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Problems()
    {
        if (MaxAnswerBytes is < 1024 or > 256 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxAnswerBytes)} must be 1024 to 268435456.";
        }

        if (RecheckInterval <= TimeSpan.Zero || RecheckInterval > TimeSpan.FromDays(1))
        {
            yield return $"{Section}:{nameof(RecheckInterval)} must be over 0 and at most 1 day.";
        }

        if (CheckTimeout <= TimeSpan.Zero || CheckTimeout > TimeSpan.FromMinutes(2))
        {
            yield return $"{Section}:{nameof(CheckTimeout)} must be over 0 and at most 2 minutes.";
        }
    }
}
