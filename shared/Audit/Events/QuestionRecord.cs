namespace Proofgate.Audit.Events;

/// <summary>One further question that was asked of policy, and its answer.</summary>
public sealed record QuestionRecord(string Action, string Resource, bool Allowed, IReadOnlyList<string> Policies);
