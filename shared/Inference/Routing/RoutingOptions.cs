namespace Proofgate.Inference.Routing;

/// <summary>Section <c>Proofgate:Routing</c>: how often a call is tried and when a target is left alone. All of it before the first byte is released to the client.</summary>
public sealed class RoutingOptions
{
    public const string Section = "Proofgate:Routing";

    /// <summary>How often one target is asked for one call. Default 2; 1: never again.</summary>
    public int AttemptsPerTarget { get; set; } = 2;

    /// <summary>How often targets are asked for one call, all together. Default 4.</summary>
    public int Attempts { get; set; } = 4;

    /// <summary>Time after which nobody is asked again for a call. Default 90 s.</summary>
    public TimeSpan AttemptTime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Wait before a target is asked again, where it does not say how long; doubled each time, with jitter. Default 0.5 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest such wait. Default 8 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest <c>Retry-After</c> of a target that is waited for. One that asks for more is not asked again: the next is, or the client is told to wait. Default 10 s.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Part of a target's attempts in <see cref="BreakerWindow"/> that must fail for it to be left alone. Default 0.5.</summary>
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Attempts in <see cref="BreakerWindow"/> below which a target is never left alone. Default 10.</summary>
    public int BreakerMinAttempts { get; set; } = 10;

    /// <summary>Default 30 s.</summary>
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a target is left alone before one call may try it. Default 15 s.</summary>
    public TimeSpan BreakerRest { get; set; } = TimeSpan.FromSeconds(15);

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[] { (nameof(AttemptsPerTarget), AttemptsPerTarget), (nameof(Attempts), Attempts) })
        {
            if (value is < 1 or > 20)
            {
                yield return $"{Section}:{name} must be 1 to 20.";
            }
        }

        foreach (var (name, value) in new[]
        {
            (nameof(AttemptTime), AttemptTime), (nameof(RetryDelay), RetryDelay), (nameof(MaxRetryDelay), MaxRetryDelay), (nameof(MaxRetryAfter), MaxRetryAfter),
        })
        {
            if (value < TimeSpan.Zero || value > TimeSpan.FromMinutes(3))
            {
                yield return $"{Section}:{name} must be 0 to 3 minutes.";
            }
        }

        if (RetryDelay > MaxRetryDelay)
        {
            yield return $"{Section}:{nameof(RetryDelay)} must not be over {nameof(MaxRetryDelay)}.";
        }

        if (BreakerFailureRatio is not (> 0 and <= 1))
        {
            yield return $"{Section}:{nameof(BreakerFailureRatio)} must be over 0 and at most 1.";
        }

        if (BreakerMinAttempts is < 2 or > 100_000)
        {
            yield return $"{Section}:{nameof(BreakerMinAttempts)} must be 2 to 100000.";
        }

        foreach (var (name, value) in new[] { (nameof(BreakerWindow), BreakerWindow), (nameof(BreakerRest), BreakerRest) })
        {
            if (value < TimeSpan.FromMilliseconds(500) || value > TimeSpan.FromHours(1))
            {
                yield return $"{Section}:{name} must be 0.5 s to 1 hour.";
            }
        }
    }
}
