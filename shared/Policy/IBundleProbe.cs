namespace Proofgate.Policy;

/// <summary>
/// Looks at the world that a bundle speaks of before the bundle decides: whether datasets are as its catalogue says. Only hosts that serve calls register
/// probes; who merely checks a bundle cannot see that world.
/// </summary>
public interface IBundleProbe
{
    /// <returns>What keeps the bundle from being used. What cannot be seen at the moment is no problem of the bundle.</returns>
    Task<IReadOnlyList<string>> ProbeAsync(PolicyBundle bundle, CancellationToken cancellationToken);
}
