namespace Proofgate.Inference;

/// <summary>What an answer cost and how it ended, as counted while it was rewritten.</summary>
public sealed class AnswerFacts
{
    public long? InputTokens { get; internal set; }

    public long? OutputTokens { get; internal set; }

    /// <summary>One of the dialect's finish reasons; anything else is not recorded.</summary>
    public string? FinishReason { get; internal set; }

    public KindCounts Redactions { get; } = new();
}
