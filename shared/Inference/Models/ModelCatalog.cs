using Proofgate.Policy;

namespace Proofgate.Inference.Models;

/// <summary>The models and upstreams of one policy bundle.</summary>
public sealed class ModelCatalog(IReadOnlyDictionary<string, ModelEntry> models)
{
    /// <summary>By public name, in the bundle's order.</summary>
    public IReadOnlyDictionary<string, ModelEntry> Models => models;

    public static ModelCatalog Of(PolicyBundle bundle) => bundle.Part<ModelCatalog>();
}
