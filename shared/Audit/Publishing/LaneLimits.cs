namespace Proofgate.Audit.Publishing;

/// <summary>Bounds of one lane.</summary>
internal sealed record LaneLimits
{
    internal required int QueueCapacity { get; init; }

    internal required int MaxBatchEvents { get; init; }

    internal required int MaxBatchBytes { get; init; }

    internal required TimeSpan SendTimeout { get; init; }

    internal required TimeSpan GiveUpAfter { get; init; }

    internal static LaneLimits Of(AuditOptions options) => new()
    {
        QueueCapacity = options.QueueCapacity,
        MaxBatchEvents = options.MaxBatchEvents,
        MaxBatchBytes = options.MaxBatchBytes,
        SendTimeout = options.SendTimeout,
        GiveUpAfter = options.GiveUpAfter,
    };

    /// <summary>A tenth of the capacity, for what comes from nobody we know.</summary>
    internal LaneLimits Tenth() => this with
    {
        QueueCapacity = Math.Max(1, QueueCapacity / 10),
        MaxBatchEvents = Math.Max(2, MaxBatchEvents / 10),
    };
}
