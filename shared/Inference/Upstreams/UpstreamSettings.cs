namespace Proofgate.Inference.Upstreams;

/// <summary>Settings of one upstream.</summary>
public sealed class UpstreamSettings
{
    /// <summary>What Azure OpenAI takes tokens for.</summary>
    public const string AzureOpenAiScope = "https://cognitiveservices.azure.com/.default";

    /// <summary>Base address; overrides the bundle's.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Our credential at the provider. <c>Proofgate:Secrets:Upstreams:{name}</c> comes before it.</summary>
    public string? Secret { get; set; }

    /// <summary>The only hosts that <see cref="Secret"/>, or a token, may be sent to.</summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>What a token is asked for, with managed identity. Default <see cref="AzureOpenAiScope"/>.</summary>
    public string Scope { get; set; } = AzureOpenAiScope;

    internal bool Binds(Uri address) => Hosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase);
}
