namespace Proofgate.Cedar.Explaining;

/// <summary>A part of a policy's scope that does not fit the request.</summary>
/// <param name="Constraint">As Cedar writes it: <c>principal in Role::"board"</c>.</param>
/// <param name="Actual">What the request has there.</param>
/// <param name="Ancestors">What that is in.</param>
public sealed record ScopeMismatch(string Constraint, EntityUid Actual, IReadOnlyCollection<EntityUid> Ancestors);
