namespace Proofgate.Cedar.Explaining;

/// <summary>How often a policy was what, and the parts of its conditions.</summary>
public sealed class PolicyCoverage
{
    internal PolicyCoverage(Policy policy, IReadOnlyList<CoveragePoint> points) => (Policy, Points) = (policy, points);

    public Policy Policy { get; }

    /// <summary>Evaluations whose request was in its scope.</summary>
    public int InScope { get; internal set; }

    public int Satisfied { get; internal set; }

    public int Failed { get; internal set; }

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<CoveragePoint> Points { get; }
}
