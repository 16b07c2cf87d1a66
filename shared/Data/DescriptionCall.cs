using Proofgate.Cedar;
using Proofgate.Enforcement;
using Proofgate.Protection;

namespace Proofgate.Data;

/// <summary>A call that asks what a dataset has for the caller, and no row of it.</summary>
public sealed record DescriptionCall : Call
{
    public required Dataset Dataset { get; init; }

    public override long AnswerLabel => Dataset.Label;

    public override string? TargetName => Dataset.Name;

    public override IReadOnlyList<Entity> Columns => [.. Dataset.Columns.Values.Select(Dataset.ToEntity)];

    /// <summary>How columns would be shown.</summary>
    public override IEnumerable<Kind> AnswerKinds =>
        Dataset.Columns.Values.Any(static c => c.Type == ColumnType.Text) ? RuleSet.Default.Kinds : [.. Dataset.Columns.Values.Select(static c => c.Kind).OfType<Kind>().Distinct()];
}
