namespace Proofgate.Inference.ToolServers;

/// <summary>Settings of one registered server of tools.</summary>
public sealed class ToolServerSettings
{
    /// <summary>Address of its MCP endpoint; overrides the bundle's.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Our credential there.</summary>
    public string? Secret { get; set; }

    /// <summary>The only hosts that may be asked under this name, whatever a bundle says. None: the server is not used here.</summary>
    public IList<string> Hosts { get; } = [];
}
