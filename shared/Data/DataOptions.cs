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

    /// <summary>Datasets that one prompt may stand on. Default 8, which is the most.</summary>
    public int GroundingDatasets { get; set; } = 8;

    /// <summary>Rows of all datasets of one prompt together; more, and the call is refused. Default 1000.</summary>
    public int GroundingRows { get; set; } = 1000;

    /// <summary>Their bytes, as they stand in the prompt. Default 256 KiB.</summary>
    public int GroundingBytes { get; set; } = 256 * 1024;

    /// <summary>Time for all of them together; each dataset has its own limit besides. Default 30 s.</summary>
    public TimeSpan GroundingTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<string> Problems()
    {
        if (GroundingDatasets is < 1 or > 8)
        {
            yield return $"{Section}:{nameof(GroundingDatasets)} must be 1 to 8.";
        }

        if (GroundingRows is < 1 or > 10_000)
        {
            yield return $"{Section}:{nameof(GroundingRows)} must be 1 to 10000.";
        }

        if (GroundingBytes is < 1024 or > 1024 * 1024)
        {
            yield return $"{Section}:{nameof(GroundingBytes)} must be 1024 to 1048576.";
        }

        if (GroundingTimeout <= TimeSpan.Zero || GroundingTimeout > TimeSpan.FromMinutes(3))
        {
            yield return $"{Section}:{nameof(GroundingTimeout)} must be over 0 and at most 3 minutes.";
        }

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
