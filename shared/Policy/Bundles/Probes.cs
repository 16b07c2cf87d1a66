namespace Proofgate.Policy.Bundles;

/// <summary>Asks every probe of the host about a bundle that is sound in itself.</summary>
internal static class Probes
{
    /// <returns>Everything that keeps it from being used.</returns>
    internal static async Task<IReadOnlyList<string>> AskAsync(IEnumerable<IBundleProbe>? probes, PolicyBundle bundle, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var probe in probes ?? [])
        {
            problems.AddRange(await probe.ProbeAsync(bundle, cancellationToken));
        }

        return problems;
    }
}
