namespace Proofgate.Inference.Models;

/// <summary>How an upstream wants our credential.</summary>
public enum UpstreamAuthentication
{
    None,
    Bearer,

    /// <summary>The <c>api-key</c> header of Azure OpenAI.</summary>
    ApiKey,

    /// <summary>The <c>x-api-key</c> header of Anthropic.</summary>
    XApiKey,

    /// <summary>A token of the identity that this process has in Azure, in place of a key.</summary>
    ManagedIdentity,
}
