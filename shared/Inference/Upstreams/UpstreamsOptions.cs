namespace Proofgate.Inference.Upstreams;

/// <summary>Section <c>Proofgate:Upstreams</c>: what a deployment knows of each upstream that its bundle names.</summary>
public sealed class UpstreamsOptions : Dictionary<string, UpstreamSettings>
{
    public const string Section = "Proofgate:Upstreams";

    public UpstreamsOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}
