using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Explaining;

/// <summary>One expression as it was evaluated, with the operands that were.</summary>
internal sealed class Step
{
    public required Expression Expression { get; init; }

    /// <summary>Null if it failed.</summary>
    public required Value? Value { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Failure { get; init; }

    public SourcePosition FailedAt { get; init; }

    /// <summary>The operands in order; those that were not reached are missing at the end.</summary>
    public IReadOnlyList<Step> Operands { get; init; } = [];

    /// <summary>The bool that it is; null for a failure and for any other value.</summary>
    public bool? Test => (Value as BoolValue)?.Value;
}
