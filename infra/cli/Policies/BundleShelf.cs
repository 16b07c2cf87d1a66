using Proofgate.AzureStores;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;

namespace Proofgate.Cli.Policies;

/// <summary>Bundles by their digests: those of folders, and those that a deployment's store keeps. What a digest names is checked, so nobody has to be believed.</summary>
internal sealed class BundleShelf(IEnumerable<PolicyBundle> given, BundleContainer? store)
{
    /// <summary>Bundles of the store that are remembered: each may take megabytes.</summary>
    private const int MaxRemembered = 32;

    private readonly Dictionary<string, PolicyBundle> _given = given.DistinctBy(static b => b.Digest).ToDictionary(static b => b.Digest, StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyBundle?> _remembered = new(StringComparer.Ordinal);

    /// <summary>Null where it is not at hand.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    internal async ValueTask<PolicyBundle?> FindAsync(string digest, CancellationToken cancellationToken)
    {
        if (_given.TryGetValue(digest, out var bundle) || store is null || _remembered.TryGetValue(digest, out bundle))
        {
            return bundle;
        }

        var pack = BundleContainer.IsDigest(digest) ? await store.FindPackAsync(digest, cancellationToken) : null;
        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        return _remembered[digest] = pack is { } bytes ? Load(digest, bytes.Span) : null;
    }

    private static PolicyBundle? Load(string digest, ReadOnlySpan<byte> pack) =>
        BundlePack.TryRead(pack, out var files, out _) && BundlePack.DigestOf(files) == digest && BundleFolders.Loader().LoadUntested(files) is BundleLoad.Loaded loaded
            ? loaded.Bundle
            : null;
}
