using Proofgate.Data.Catalog;
using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>The datasets of one policy bundle, by name.</summary>
public sealed class DatasetCatalog(IReadOnlyDictionary<string, Dataset> datasets) : IBundleResources, IBundleQuestions
{
    public IReadOnlyDictionary<string, Dataset> Datasets => datasets;

    /// <summary>Each dataset as its own tenant's; one whose rows have tenants must be described where a test names it. Then every column.</summary>
    public IEnumerable<BundleResource> Resources => datasets.Values.SelectMany(static d => d.Columns.Values
        .Select(c => new BundleResource($"{d.Name}.{c.Name}", d.ToEntity(c)))
        .Prepend(d.Tenant is null ? null : new BundleResource(d.Name, d.ToEntity(d.Tenant)))
        .OfType<BundleResource>());

    public string Declarations => RowSchema.Declare(datasets.Values);

    public IEnumerable<BundleQuestion> Questions => RowSchema.QuestionsOf(datasets.Values);

    public static DatasetCatalog Of(PolicyBundle bundle) => bundle.Part<DatasetCatalog>();
}
