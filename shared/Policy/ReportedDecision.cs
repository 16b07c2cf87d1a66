namespace Proofgate.Policy;

/// <summary>What a decision would have been if the report-only policies that applied to it were in force.</summary>
/// <param name="Allowed">The decision that they would have given.</param>
/// <param name="Policies">Ids of the report-only policies that applied.</param>
public sealed record ReportedDecision(bool Allowed, IReadOnlyList<string> Policies);
