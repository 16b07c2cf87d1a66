namespace Proofgate.Http;

/// <summary>Section <c>Proofgate:Body</c>: request bodies of one instance. They are read before the limits of <c>Proofgate:Admission</c> can be asked.</summary>
public sealed class BodyOptions
{
    public const string Section = "Proofgate:Body";

    /// <summary>Bytes of one body; a larger one is 413. Default 20 MiB.</summary>
    public int MaxBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Memory that all open calls' bodies may take together; beyond it 503. Default 512 MiB.</summary>
    public long MaxOpenBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Memory that one key's open bodies may take; beyond it 429. Default 128 MiB.</summary>
    public long MaxOpenBytesPerKey { get; set; } = 128L * 1024 * 1024;

    /// <summary>How long a body may take to arrive; after it 408. Default 120 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(120);

    internal IEnumerable<string> Problems()
    {
        if (MaxBytes is < 64 * 1024 or > 30 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxBytes)} must be 64 KiB to 30 MiB.";
        }

        if (MaxOpenBytesPerKey < 4L * MaxBytes)
        {
            yield return $"{Section}:{nameof(MaxOpenBytesPerKey)} must be at least four times {nameof(MaxBytes)}: a buffer that grows is there twice.";
        }

        if (MaxOpenBytes < MaxOpenBytesPerKey)
        {
            yield return $"{Section}:{nameof(MaxOpenBytes)} must be at least {nameof(MaxOpenBytesPerKey)}.";
        }

        if (ReadTimeout < TimeSpan.FromSeconds(1) || ReadTimeout > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(ReadTimeout)} must be 1 s to 1 hour.";
        }
    }
}
