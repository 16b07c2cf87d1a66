using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>The datasets of one policy bundle, by name.</summary>
public sealed class DatasetCatalog(IReadOnlyDictionary<string, Dataset> datasets)
{
    public IReadOnlyDictionary<string, Dataset> Datasets => datasets;

    public static DatasetCatalog Of(PolicyBundle bundle) => bundle.Part<DatasetCatalog>();
}
