using Proofgate.Policy;

namespace Proofgate.Inference.Models;

/// <summary>The models and upstreams of one policy bundle.</summary>
public sealed class ModelCatalog(IReadOnlyDictionary<string, ModelEntry> models) : IBundleResources
{
    /// <summary>By public name, in the bundle's order.</summary>
    public IReadOnlyDictionary<string, ModelEntry> Models => models;

    /// <summary>Each model as its first target serves it, and as each upstream does. Whether a target is configured here makes no difference.</summary>
    public IEnumerable<BundleResource> Resources => models.Values.SelectMany(static model => model.Targets
        .DistinctBy(static target => target.Upstream.Name)
        .SelectMany((target, i) =>
        {
            var served = new BundleResource($"{model.Name}@{target.Upstream.Name}", model.ToEntity(target));
            return i == 0 ? (IEnumerable<BundleResource>)[served with { Name = model.Name }, served] : [served];
        }));

    public static ModelCatalog Of(PolicyBundle bundle) => bundle.Part<ModelCatalog>();
}
