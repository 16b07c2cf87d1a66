using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>A dataset as the bundle's author describes it: where it is, its label, and every column that may ever be asked for.</summary>
public sealed record Dataset
{
    public required string Name { get; init; }

    /// <summary>Rank of the label that any row of it carries at least.</summary>
    public required long Label { get; init; }

    public required DatasetSource Source { get; init; }

    /// <summary>Whose all rows are; null where <see cref="TenantColumn"/> says it of each row.</summary>
    public string? Tenant { get; init; }

    /// <summary>The column that names a row's tenant: a caller is in one tenant, and no row of another exists for him.</summary>
    public DatasetColumn? TenantColumn { get; init; }

    /// <summary>By name, in the bundle's order. What is not listed does not exist for callers.</summary>
    public required IReadOnlyDictionary<string, DatasetColumn> Columns { get; init; }

    /// <summary>The columns that no two rows have alike, required all: rows come in their order where no other is asked for.</summary>
    public required IReadOnlyList<DatasetColumn> Key { get; init; }

    /// <summary>The columns that policies on rows may speak of.</summary>
    public required IReadOnlyList<DatasetColumn> Attributes { get; init; }

    public DatasetLimits Limits { get; init; } = new();

    /// <summary>For policy. Where each row has its tenant, the caller's part of the dataset is the caller's tenant's.</summary>
    public Entity ToEntity(string callersTenant) => Vocabulary.Dataset(Name, Tenant ?? callersTenant, Label);

    public Entity ToEntity(DatasetColumn column) => Vocabulary.Column(Name, column.Name, column.Label, column.Kind?.Name);
}
