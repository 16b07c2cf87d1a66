using Proofgate.Inference.Models;

namespace Proofgate.Inference.ToolServers;

/// <summary>A registered server of tools, as bundle and settings name it together.</summary>
public sealed record ToolServer
{
    public required string Name { get; init; }

    /// <summary>Its MCP endpoint; null where it is not configured here.</summary>
    public required Uri? Address { get; init; }

    public required ToolServerAuthentication Authentication { get; init; }

    /// <summary>Those that may be used, by the server's own names for them. Others do not exist.</summary>
    public required IReadOnlyDictionary<string, PinnedTool> Tools { get; init; }

    /// <summary>How long one call may take; the gateway's own limit holds besides.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Sent to <see cref="Address"/> and nowhere else.</summary>
    internal UpstreamSecret? Secret { get; init; }

    /// <summary>Whether a public name can be one of this server's.</summary>
    internal bool Owns(string publicName) => publicName.StartsWith($"{Name}__", StringComparison.Ordinal);
}
