namespace Proofgate.Policy;

/// <summary>
/// A part of a bundle that knows things which policies decide about: its models, its datasets. Tests beside policies name them, so that they see what the
/// gateway sees.
/// </summary>
public interface IBundleResources
{
    IEnumerable<BundleResource> Resources { get; }
}
