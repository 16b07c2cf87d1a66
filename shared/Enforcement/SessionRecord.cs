using Proofgate.Policy;

namespace Proofgate.Enforcement;

/// <summary>What is kept of a session.</summary>
/// <param name="Labels">
/// Names of the labels that it has reached. A set that only grows, and names instead of ranks: whatever bundles the instances have and in whatever order they write, none can
/// lower it.
/// </param>
/// <param name="Ends">From then on it is unknown.</param>
public sealed record SessionRecord(IReadOnlySet<string> Labels, DateTimeOffset Ends)
{
    /// <summary>Names beyond this become <see cref="Beyond"/>: bundles with other scales have followed one another.</summary>
    private const int MaxLabels = 64;

    /// <summary>No label's name, so it ranks highest in every scale.</summary>
    private const string Beyond = "";

    /// <summary>The session's label in a bundle's scale.</summary>
    public long RankIn(LabelScale scale) => Labels.Select(scale.RankOrHighest).DefaultIfEmpty(0).Max();

    /// <summary>This, with another label reached. Every store raises by it.</summary>
    public SessionRecord With(string label) =>
        Labels.Contains(label) || Labels.Contains(Beyond) ? this : this with { Labels = new HashSet<string>(Labels, StringComparer.Ordinal) { Labels.Count < MaxLabels ? label : Beyond } };
}
