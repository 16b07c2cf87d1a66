namespace Proofgate.Cedar.Explaining;

/// <summary>A <c>when</c> or <c>unless</c> that was not met.</summary>
public sealed record ConditionExplanation
{
    public required bool IsUnless { get; init; }

    /// <summary>The expression between the braces.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>That expression in Cedar syntax, on one line, perhaps shortened.</summary>
    public required string Text { get; init; }

    /// <summary>Why it could not be evaluated; null where it could.</summary>
    public string? Failure { get; init; }

    /// <summary>Of a failure: the expression that failed.</summary>
    public SourcePosition? FailedAt { get; init; }

    /// <summary>What decided it; empty for a failure. More than one where each alone would have changed nothing: all operands of an <c>||</c> that is false.</summary>
    public IReadOnlyList<Cause> Causes { get; init; } = [];
}
