namespace Proofgate.Cedar.Explaining;

/// <summary>Why one policy applied, or did not.</summary>
public sealed record PolicyExplanation(Policy Policy, PolicyOutcome Outcome)
{
    /// <summary>The parts of the scope that do not fit.</summary>
    public IReadOnlyList<ScopeMismatch> Scope { get; init; } = [];

    /// <summary>Every condition that is not met, also those that were not asked because something before them was not: in order.</summary>
    public IReadOnlyList<ConditionExplanation> Conditions { get; init; } = [];

    /// <summary>How much would have to be different: parts of the scope and conditions.</summary>
    public int Unmet => Scope.Count + Conditions.Count;
}
