namespace Proofgate.Cedar.Explaining;

/// <summary>A smallest expression that made a condition what it was.</summary>
/// <param name="Position">In the policy's text.</param>
/// <param name="Text">The expression in Cedar syntax, on one line, perhaps shortened.</param>
/// <param name="Value">What it was.</param>
/// <param name="Observed">The values of its operands.</param>
public sealed record Cause(SourcePosition Position, string Text, bool Value, IReadOnlyList<Observation> Observed);
