using Azure;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Secrets;

/// <summary>Holds the named secrets. All of them are of one reading: either every name was read, or the earlier values stay.</summary>
internal sealed class KeyVaultProvider(SecretClient client, KeyVaultOptions options, TimeProvider time) : ConfigurationProvider
{
    private DateTimeOffset? _read;

    internal KeyVaultOptions Options => options;

    /// <summary>The first reading must succeed. After it <see cref="ReloadAsync"/> is what reads.</summary>
    /// <exception cref="StoreUnavailableException">A secret could not be read.</exception>
    public override void Load()
    {
        if (_read is not null)
            return;

        // The contract of configuration is synchronous; this is at start, before there is anything to block.
        Data = ReadAsync(CancellationToken.None).GetAwaiter().GetResult();
        _read = time.GetUtcNow();
    }

    internal async Task<SecretsReload> ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var values = await ReadAsync(cancellationToken).ConfigureAwait(false);
            _read = time.GetUtcNow();
            if (Same(values))
                return new SecretsReload.Unchanged();
            Use(values);
            return new SecretsReload.Changed(values.Count);
        }
        catch (StoreUnavailableException e)
        {
            var read = _read ?? DateTimeOffset.MinValue;
            if (time.GetUtcNow() - read < options.KeepDuringOutage)
                return new SecretsReload.Kept(e.Message, read, read + options.KeepDuringOutage);
            if (Data.Count > 0)
                Use(NoValues());
            return new SecretsReload.Dropped(options.KeepDuringOutage);
        }
    }

    private void Use(Dictionary<string, string?> values)
    {
        Data = values;
        OnReload();
    }

    private bool Same(Dictionary<string, string?> values) =>
        values.Count == Data.Count && values.All(v => Data.TryGetValue(v.Key, out var held) && held == v.Value);

    private async Task<Dictionary<string, string?>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = options.Secrets.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var values = await Task.WhenAll(names.Select(name => ReadAsync(name, cancellationToken))).ConfigureAwait(false);
        var data = NoValues();
        foreach (var (name, value) in names.Zip(values))
            data.Add(KeyOf(name), value);
        return data;
    }

    private async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await client.GetSecretAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
            return secret.Value.Value;
        }
        catch (Exception e) when (e is RequestFailedException || Outage.Is(e, cancellationToken))
        {
            throw new StoreUnavailableException($"Secret '{name}' could not be read from {options.Uri}: {Outage.Describe(e)}.", e);
        }
    }

    private static string KeyOf(string name) =>
        $"{KeyVaultOptions.SecretsSection}:{name.Replace("--", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)}";

    private static Dictionary<string, string?> NoValues() => new(StringComparer.OrdinalIgnoreCase);
}
