namespace Proofgate.Policy.Bundles;

/// <summary>What became of reading a bundle.</summary>
public abstract record BundleLoad
{
    private BundleLoad()
    {
    }

    public sealed record Loaded(PolicyBundle Bundle) : BundleLoad;

    /// <summary>Every fault that was found, each with its place.</summary>
    public sealed record Rejected(IReadOnlyList<string> Problems) : BundleLoad;
}
