using Azure;
using Azure.Security.KeyVault.Secrets;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores;

/// <summary>Looks whether the secrets that settings name are in their vault, for who asks what is wrong. It reads what is known of them, and no value.</summary>
public static class SecretsExamination
{
    /// <param name="options">Of the deployment. The app's identity is left out of account: it is the asker who looks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<IReadOnlyList<StoreCheck>> LookAsync(KeyVaultOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Problems().FirstOrDefault() is { } problem
            ? Task.FromResult<IReadOnlyList<StoreCheck>>([new StoreCheck("secret", "", null, problem)])
            : LookAsync(new SecretClient(options.Uri, Credentials.For(null), ClientSettings.Apply(new SecretClientOptions())), options, cancellationToken);
    }

    internal static async Task<IReadOnlyList<StoreCheck>> LookAsync(SecretClient client, KeyVaultOptions options, CancellationToken cancellationToken)
    {
        var vault = client.VaultUri.Host.Split('.')[0];
        return await Task.WhenAll(options.Secrets.Select(async name =>
            new StoreCheck("secret", name, vault, await ProblemAsync(client, name, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
    }

    private static async Task<string?> ProblemAsync(SecretClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var version in client.GetPropertiesOfSecretVersionsAsync(name, cancellationToken).ConfigureAwait(false))
            {
                if (version.Enabled != false)
                    return null;
            }

            return $"Secret '{name}' has no version that is enabled: status 404 SecretNotFound.";
        }
        catch (Exception e) when (e is RequestFailedException || Outage.Is(e, cancellationToken))
        {
            return $"Secret '{name}' could not be looked at: {Outage.Describe(e)}.";
        }
    }
}
