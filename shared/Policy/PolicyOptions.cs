using System.Text.RegularExpressions;
using Proofgate.Policy.Signing;

namespace Proofgate.Policy;

/// <summary>Section <c>Proofgate:Policy</c>, and the host's signing key from <c>Proofgate:Secrets:PolicySigningKey</c>.</summary>
public sealed partial class PolicyOptions
{
    public const string Section = "Proofgate:Policy";

    public const string SigningKeyKey = "Proofgate:Secrets:PolicySigningKey";

    /// <summary>Folder of the policy bundle. Exactly one of this and <see cref="Store"/>.</summary>
    public string? Folder { get; set; }

    /// <summary>Name of the container of signed bundles, for example <c>policies</c>; the records of their activation are in a table beside the keys.</summary>
    public string? Store { get; set; }

    /// <summary>How often the folder or the store is looked at for changes. Default 2 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How old the last look into the store may be: beyond it no bundle decides, and every call is answered 503. Default 4 s.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Whose administrators may be permitted to manage policy, which is one for all tenants. Default <c>default</c>.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Public keys of the people who write and approve policy, by name: P-256, SubjectPublicKeyInfo in base64.</summary>
    public IDictionary<string, string> TrustedKeys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Public keys of hosts that sign activations for who is permitted to manage policy, in the same form. Where <see cref="RequireApproval"/> is set
    /// they count for nothing.
    /// </summary>
    public IDictionary<string, string> HostKeys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether each activation is signed by another person than the bundle's author. Default false.</summary>
    public bool RequireApproval { get; set; }

    /// <summary>Address of the host's signing key in Key Vault, with its version: <c>https://name.vault.azure.net/keys/name/version</c>.</summary>
    public Uri? VaultKey { get; set; }

    /// <summary>The name in <see cref="HostKeys"/> of the key that <see cref="VaultKey"/> is.</summary>
    public string? VaultKeyName { get; set; }

    /// <summary>The host's signing key, where no vault holds it. Read from <see cref="SigningKeyKey"/>.</summary>
    internal string? SigningKey { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (ReloadInterval < TimeSpan.FromMilliseconds(50) || ReloadInterval > TimeSpan.FromMinutes(10))
        {
            yield return $"{Section}:{nameof(ReloadInterval)} must be 50 ms to 10 minutes.";
        }

        if (string.IsNullOrWhiteSpace(Tenant))
        {
            yield return $"{Section}:{nameof(Tenant)} must name the tenant whose administrators manage policy.";
        }

        foreach (var problem in Store is null ? FolderProblems() : StoreProblems())
        {
            yield return problem;
        }
    }

    private IEnumerable<string> FolderProblems()
    {
        if (string.IsNullOrWhiteSpace(Folder))
        {
            yield return $"{Section}:{nameof(Folder)} is missing: the folder of the policy bundle, for example infra/policy/sample; or {Section}:{nameof(Store)}, "
                + "the container of signed ones.";
        }
        else if (!Directory.Exists(Folder))
        {
            yield return $"{Section}:{nameof(Folder)}: the folder '{Folder}' does not exist.";
        }

        if (TrustedKeys.Count > 0 || HostKeys.Count > 0 || RequireApproval || VaultKey is not null || VaultKeyName is not null)
        {
            // A control that can never fire is no control.
            yield return $"{Section}: signatures are checked on bundles of a {nameof(Store)}; with {nameof(Folder)}, keys and {nameof(RequireApproval)} have no effect.";
        }
    }

    private IEnumerable<string> StoreProblems()
    {
        if (Folder is not null)
        {
            yield return $"{Section}:{nameof(Folder)} and {Section}:{nameof(Store)} are both set: keep one.";
        }

        if (!ContainerName().IsMatch(Store!))
        {
            yield return $"{Section}:{nameof(Store)} must be a container's name: 3 to 63 of a-z, 0-9 and single inner hyphens.";
        }

        if (MaxAge < ReloadInterval + TimeSpan.FromMilliseconds(500) || MaxAge > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(MaxAge)} must be at least 500 ms more than {nameof(ReloadInterval)}, and at most 1 hour.";
        }

        if (TrustedKeys.Count == 0 || (RequireApproval && TrustedKeys.Count < 2))
        {
            yield return $"{Section}:{nameof(TrustedKeys)} must have the key of an author, and with {nameof(RequireApproval)} that of an approver. "
                + "`proofgate policy keygen` makes them.";
        }

        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (section, name, encoded) in TrustedKeys.Select(static k => (nameof(TrustedKeys), k.Key, k.Value))
            .Concat(HostKeys.Select(static k => (nameof(HostKeys), k.Key, k.Value))))
        {
            if (!KeyNames.IsName(name))
            {
                yield return $"{Section}:{section}:{name}: a key's name has {KeyNames.Rule}.";
            }
            else if (!PolicyPublicKey.TryParse(encoded, out var key))
            {
                yield return $"{Section}:{section}:{name} must be a P-256 public key, SubjectPublicKeyInfo in base64.";
            }
            else if (!known.TryAdd(key.Fingerprint, name) || !known.TryAdd($"name {name}", name))
            {
                // Who has two names could approve what they wrote.
                yield return $"{Section}:{section}:{name}: this key or its name is there already; each key has one name.";
            }
        }

        foreach (var problem in SignerProblems())
        {
            yield return problem;
        }
    }

    private IEnumerable<string> SignerProblems()
    {
        if (VaultKey is not null && SigningKey is not null)
        {
            yield return $"{Section}:{nameof(VaultKey)} and {SigningKeyKey} are both set: keep one.";
        }

        if (VaultKey is { } address && (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.Query.Length > 0 || address.UserInfo.Length > 0
            || address.AbsolutePath.Split('/') is not ["", "keys", { Length: > 0 }, { Length: > 0 }]))
        {
            yield return $"{Section}:{nameof(VaultKey)} must be the https address of a key with its version, such as https://name.vault.azure.net/keys/name/version.";
        }

        if ((VaultKey is null) != (VaultKeyName is null) || (VaultKeyName is { } name && !HostKeys.ContainsKey(name)))
        {
            yield return $"{Section}:{nameof(VaultKeyName)} must be one of {nameof(HostKeys)}, and goes with {nameof(VaultKey)}.";
        }

        if (SigningKey is { } text)
        {
            if (!PolicySigningKey.TryParse(text, out var key))
            {
                yield return $"{SigningKeyKey} must be a policy key, as `proofgate policy keygen` makes it.";
            }
            else
            {
                using (key)
                {
                    if (!HostKeys.TryGetValue(key.Key, out var encoded) || !PolicyPublicKey.TryParse(encoded, out var known) || known.Fingerprint != key.PublicKey.Fingerprint)
                    {
                        yield return $"{SigningKeyKey} is the key '{key.Key}', and {Section}:{nameof(HostKeys)}:{key.Key} is not its public half.";
                    }
                }
            }
        }
    }

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
