namespace Proofgate.Cedar;

/// <summary>The answer. Allowed if a permit is satisfied and no forbid is.</summary>
public sealed class Authorization
{
    internal static readonly Authorization DeniedByDefault = new() { Allowed = false, Determining = [], Errors = [] };

    public required bool Allowed { get; init; }

    /// <summary>Ids of the policies that decided, in the order of the set: the satisfied forbids, else the satisfied permits; empty when nothing applied.</summary>
    public required IReadOnlyList<string> Determining { get; init; }

    /// <summary>Policies that were skipped because they failed.</summary>
    public required IReadOnlyList<PolicyEvaluationError> Errors { get; init; }
}
