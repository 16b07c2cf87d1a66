namespace Proofgate.Inference;

/// <summary>Section <c>Proofgate:Inference</c>: times and sizes of answers.</summary>
public sealed class InferenceOptions
{
    public const string Section = "Proofgate:Inference";

    /// <summary>How long an upstream may take to the first event of a stream, each time that it is asked. Default 60 s. Nothing has been sent to the client then.</summary>
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Silence of an upstream in mid-stream before it counts as dead. Default 120 s.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Silence towards the client before a heartbeat comment is sent. Default 15 s: Azure cuts idle answers at 230 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a plain answer may take in all, whoever is asked for it and how often. Default 220 s: it cannot send heartbeats.</summary>
    public TimeSpan PlainAnswerTimeout { get; set; } = TimeSpan.FromSeconds(220);

    /// <summary>Bytes of one upstream event. Default 1 MiB.</summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes of a plain answer. Default 20 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 20 * 1024 * 1024;

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(FirstTokenTimeout), FirstTokenTimeout), (nameof(StreamIdleTimeout), StreamIdleTimeout),
            (nameof(Heartbeat), Heartbeat), (nameof(PlainAnswerTimeout), PlainAnswerTimeout),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                yield return $"{Section}:{name} must be over 0 and at most 1 hour.";
            }
        }

        if (MaxEventBytes is < 1024 or > 64 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxEventBytes)} must be 1 KiB to 64 MiB.";
        }

        if (MaxAnswerBytes is < 1024 or > 256 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxAnswerBytes)} must be 1 KiB to 256 MiB.";
        }
    }
}
