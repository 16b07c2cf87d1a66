using Microsoft.Extensions.Configuration;

namespace Proofgate.Inference.ToolServers;

/// <summary>Section <c>Proofgate:ToolServers</c>: what a deployment knows of each server of tools that its bundle names.</summary>
public sealed class ToolServersOptions : Dictionary<string, ToolServerSettings>
{
    public const string Section = "Proofgate:ToolServers";

    /// <summary>Where a server's credential is beside the other secrets, which is what Key Vault makes of its secret <c>ToolServers--{name}</c>.</summary>
    public const string SecretsSection = "Proofgate:Secrets:ToolServers";

    public ToolServersOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary>A credential beside the other secrets goes before the one in the server's settings.</summary>
    internal void TakeSecrets(IConfiguration configuration)
    {
        foreach (var (name, server) in this)
        {
            if (configuration[$"{SecretsSection}:{name}"] is { Length: > 0 } kept)
            {
                server.Secret = kept;
            }
        }
    }
}
