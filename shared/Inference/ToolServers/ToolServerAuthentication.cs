namespace Proofgate.Inference.ToolServers;

/// <summary>How a server of tools wants to be shown our credential.</summary>
public enum ToolServerAuthentication
{
    Bearer,

    /// <summary>The <c>x-api-key</c> header.</summary>
    XApiKey,

    /// <summary>It wants none.</summary>
    None,
}
