using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>How an admitted call ended, as its executor saw it.</summary>
public sealed record CallOutcome
{
    /// <summary>One of the results of <see cref="Audit.Events.OutcomeEvent.Result"/>.</summary>
    public required string Result { get; init; }

    /// <summary>HTTP status that the caller saw.</summary>
    public required int Status { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long BytesOut { get; init; }

    /// <summary>Events of a stream; 1 for a plain answer.</summary>
    public long Events { get; init; }

    /// <summary>Rows released, by a data connector.</summary>
    public long? Rows { get; init; }

    public KindCounts? Redactions { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>Timestamp (<see cref="TimeProvider.GetTimestamp"/>) of the first byte released.</summary>
    public long? FirstByteAt { get; init; }
}
