using Proofgate.Policy;

namespace Proofgate.Inference.ToolServers;

/// <summary>The registered servers of tools of one policy bundle, by name.</summary>
public sealed class ToolServerCatalog(IReadOnlyDictionary<string, ToolServer> servers) : IBundleResources
{
    public IReadOnlyDictionary<string, ToolServer> Servers => servers;

    /// <summary>Each tool by its public name. Whether its server is configured here makes no difference.</summary>
    public IEnumerable<BundleResource> Resources =>
        servers.Values.SelectMany(static s => s.Tools.Values).Select(static t => new BundleResource(t.PublicName, t.ToEntity()));

    public static ToolServerCatalog Of(PolicyBundle bundle) => bundle.Part<ToolServerCatalog>();
}
