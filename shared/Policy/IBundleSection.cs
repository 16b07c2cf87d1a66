namespace Proofgate.Policy;

/// <summary>A room's own part of a bundle: models, datasets. Registered by the room, read when a bundle is loaded.</summary>
public interface IBundleSection
{
    /// <summary>Reads the part and reports every fault through <see cref="BundleReader.Problem"/>; a bundle with a fault is not used.</summary>
    /// <returns>The part, found again by its type with <see cref="PolicyBundle.Part{T}"/>.</returns>
    object Read(BundleReader bundle);
}
