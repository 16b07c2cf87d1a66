namespace Proofgate.Inference;

/// <summary>What an answer cost and how it ended, as counted while it was rewritten.</summary>
public sealed class AnswerFacts
{
    public long? InputTokens { get; internal set; }

    public long? OutputTokens { get; internal set; }

    /// <summary>One of the dialect's finish reasons; anything else is not recorded.</summary>
    public string? FinishReason { get; internal set; }

    public KindCounts Redactions { get; } = new();

    /// <summary>Takes the texts, where somebody must look at them before any of them goes out; else null.</summary>
    internal Dialects.HeardTexts? Heard { get; set; }

    /// <summary>What a recogniser found in them; null where none was asked.</summary>
    internal Dialects.AnswerNames? Names { get; set; }

    /// <summary>Values of the caller's own that were put back where placeholders stood for them.</summary>
    public KindCounts Restored { get; } = new();
}
