using Azure;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
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
            var former = Data;
            if (Use(values) is not { } problem)
                return new SecretsReload.Changed(values.Count);
            _ = Use(former);
            return new SecretsReload.Refused(problem);
        }
        catch (StoreUnavailableException e)
        {
            var read = _read ?? DateTimeOffset.MinValue;
            if (time.GetUtcNow() - read < options.KeepDuringOutage)
                return new SecretsReload.Kept(e.Message, read, read + options.KeepDuringOutage);
            if (Data.Count > 0)
                _ = Use(NoValues());
            return new SecretsReload.Dropped(options.KeepDuringOutage);
        }
    }

    /// <summary>Tells everybody. Whose settings are checked says what is wrong with them by an exception, which must not end the host.</summary>
    private string? Use(IDictionary<string, string?> values)
    {
        Data = values;
        try
        {
            OnReload();
            return null;
        }
        catch (Exception e) when (Failures(e).ToList() is { Count: > 0 } failures)
        {
            return string.Join(" ", failures.Distinct());
        }
    }

    /// <summary>Nothing unless all that failed is a check of settings.</summary>
    private static IEnumerable<string> Failures(Exception exception) => exception switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException { InnerExceptions: var inner } when inner.All(static e => Failures(e).Any()) => inner.SelectMany(Failures),
        _ => [],
    };

    private bool Same(Dictionary<string, string?> values) =>
        values.Count == Data.Count && values.All(v => Data.TryGetValue(v.Key, out var held) && held == v.Value);

    private async Task<Dictionary<string, string?>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = options.Secrets.Concat(options.Optional).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var values = await Task.WhenAll(names.Select(name => ReadAsync(name, cancellationToken))).ConfigureAwait(false);
        var data = NoValues();
        foreach (var (name, value) in names.Zip(values))
        {
            if (value is not null)
                data.Add(KeyOf(name), value);
        }

        return data;
    }

    private async Task<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await client.GetSecretAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
            return secret.Value.Value;
        }
        catch (RequestFailedException e) when (e is { Status: 404, ErrorCode: "SecretNotFound" } && !options.Secrets.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }
        catch (Exception e) when (e is RequestFailedException || Outage.Is(e, cancellationToken))
        {
            throw new StoreUnavailableException($"Secret '{name}' could not be read from {options.Uri}: {Outage.Describe(e)}.{Hint(e)}", e);
        }
    }

    /// <summary>What whoever sets up a deployment for the first time has to do.</summary>
    private static string Hint(Exception exception) => (exception as RequestFailedException)?.Status switch
    {
        404 => " Put it there: az keyvault secret set --vault-name NAME --name SECRET --file FILE.",
        403 => " The app's identity needs the role 'Key Vault Secrets User' on the vault, and its network must be let in.",
        401 => " The app has no identity that the vault's tenant knows: see ManagedIdentityClientId.",
        _ => "",
    };

    private static string KeyOf(string name) =>
        $"{KeyVaultOptions.SecretsSection}:{name.Replace("--", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)}";

    private static Dictionary<string, string?> NoValues() => new(StringComparer.OrdinalIgnoreCase);
}
