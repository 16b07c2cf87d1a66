namespace Proofgate.Cedar;

/// <summary>A policy that could not be evaluated and was therefore skipped. A stricter caller refuses when <paramref name="Effect"/> is forbid.</summary>
/// <param name="PolicyId">The policy.</param>
/// <param name="Effect">What the policy would have done.</param>
/// <param name="Message">What went wrong. Names types, attributes and entities, never the values of attributes.</param>
/// <param name="Position">The expression that failed, in the policy's text.</param>
public sealed record PolicyEvaluationError(string PolicyId, Effect Effect, string Message, SourcePosition Position);
