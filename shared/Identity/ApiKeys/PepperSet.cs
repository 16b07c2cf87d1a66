using System.Collections.Frozen;

namespace Proofgate.Identity.ApiKeys;

/// <summary>The peppers that are in use together. Immutable.</summary>
internal sealed class PepperSet
{
    private readonly FrozenDictionary<int, byte[]> _peppers;

    private PepperSet(Dictionary<int, byte[]> peppers) => (_peppers, NewestVersion) = (peppers.ToFrozenDictionary(), peppers.Keys.Max());

    /// <summary>The version that new keys are digested under.</summary>
    internal int NewestVersion { get; }

    internal byte[] Newest => _peppers[NewestVersion];

    internal byte[]? Find(int version) => _peppers.GetValueOrDefault(version);

    /// <summary>Null if none of them is usable.</summary>
    internal static PepperSet? Of(ApiKeyPepperOptions options)
    {
        var peppers = new Dictionary<int, byte[]>();
        foreach (var (text, secret) in options)
        {
            if (ApiKeyPepperOptions.TryVersion(text, out var version) && ApiKeyPepperOptions.TrySecret(secret) is { } bytes)
            {
                peppers[version] = bytes;
            }
        }

        return peppers.Count == 0 ? null : new PepperSet(peppers);
    }
}
