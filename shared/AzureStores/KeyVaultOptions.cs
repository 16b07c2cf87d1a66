namespace Proofgate.AzureStores;

/// <summary>Section <c>Proofgate:KeyVault</c>. Where it is absent, secrets come from the other sources of configuration.</summary>
public sealed class KeyVaultOptions
{
    public const string Section = "Proofgate:KeyVault";

    /// <summary>Where the secrets stand in configuration: <c>ApiKeyPepper--1</c> becomes <c>Proofgate:Secrets:ApiKeyPepper:1</c>.</summary>
    public const string SecretsSection = "Proofgate:Secrets";

    private const int MaxSecrets = 100;
    private const int MaxNameLength = 127;

    /// <summary>For example <c>https://name.vault.azure.net</c>.</summary>
    public Uri? Uri { get; set; }

    /// <summary>The names to read. The vault is never asked what it holds: the identity may read its own secrets and not list others.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// Names to read too, which need not be there: what is put there later comes into use without a restart. For the peppers of next year, say.
    /// </summary>
    public IList<string> Optional { get; } = [];

    /// <summary>Client id of the user-assigned identity; without it the developer's sign-in or the system-assigned identity is used.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Default 5 minutes.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the last values are used while the vault cannot be read. Then they are dropped, and what needs them fails. Default 24 h.</summary>
    public TimeSpan KeepDuringOutage { get; set; } = TimeSpan.FromHours(24);

    internal IEnumerable<string> Problems()
    {
        if (Uri is not { IsAbsoluteUri: true } uri || uri.Scheme != Uri.UriSchemeHttps || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            yield return $"{Section}:{nameof(Uri)} must be the vault's https address, such as https://name.vault.azure.net.";
        if (Secrets.Count is 0 or > MaxSecrets)
            yield return $"{Section}:{nameof(Secrets)} must list 1 to {MaxSecrets} names of secrets.";
        if (Optional.Count > MaxSecrets)
            yield return $"{Section}:{nameof(Optional)} must list at most {MaxSecrets} names of secrets.";
        foreach (var (key, names) in new[] { (nameof(Secrets), Secrets), (nameof(Optional), Optional) })
        {
            foreach (var (i, name) in names.Index())
            {
                if (!IsSecretName(name))
                    yield return $"{Section}:{key}:{i} must be a secret's name: 1 to {MaxNameLength} letters, digits and hyphens.";
            }
        }

        if (ManagedIdentityClientId is { } id && !Guid.TryParse(id, out _))
            yield return $"{Section}:{nameof(ManagedIdentityClientId)} must be the client id of an identity.";
        if (ReloadInterval < TimeSpan.FromSeconds(10) || ReloadInterval > TimeSpan.FromHours(24))
            yield return $"{Section}:{nameof(ReloadInterval)} must be 10 s to 24 h.";
        if (KeepDuringOutage < ReloadInterval || KeepDuringOutage > TimeSpan.FromDays(30))
            yield return $"{Section}:{nameof(KeepDuringOutage)} must be {nameof(ReloadInterval)} to 30 days.";
    }

    private static bool IsSecretName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
