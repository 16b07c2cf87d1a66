namespace Proofgate.Inference.Upstreams;

/// <summary>Settings of one upstream.</summary>
public sealed class UpstreamSettings
{
    /// <summary>Base address; overrides the bundle's.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Our credential at the provider.</summary>
    public string? Secret { get; set; }

    /// <summary>The only hosts that <see cref="Secret"/> may be sent to.</summary>
    public IList<string> Hosts { get; } = [];
}
