namespace Proofgate.Inference.ToolServers;

/// <summary>Section <c>Proofgate:ToolServers</c>: what a deployment knows of each server of tools that its bundle names.</summary>
public sealed class ToolServersOptions : Dictionary<string, ToolServerSettings>
{
    public const string Section = "Proofgate:ToolServers";

    public ToolServersOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}
