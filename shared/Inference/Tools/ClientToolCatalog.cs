using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Inference.Tools;

/// <summary>
/// The tools of callers that a bundle knows, by the name by which a model calls them. A caller can give a tool any name: of one that is not here policy
/// is not asked, and nothing that was kept from the model comes back in its arguments.
/// </summary>
public sealed class ClientToolCatalog(IReadOnlyDictionary<string, Entity> tools) : IBundleResources
{
    /// <summary>Most tools of one call that policy is asked about.</summary>
    private const int MaxAsked = 64;

    IEnumerable<BundleResource> IBundleResources.Resources => tools.Select(static t => new BundleResource(t.Key, t.Value));

    public static ClientToolCatalog Of(PolicyBundle bundle) => bundle.Part<ClientToolCatalog>();

    /// <summary>Those of the names that are known, as policy sees them.</summary>
    public IReadOnlyList<Entity> Named(IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Select(n => tools.GetValueOrDefault(n)).OfType<Entity>().Take(MaxAsked)];
}
